"""What many tests need: a cache of their own, runs without Prefect, a small archive, and the command line."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from archive.archive import Archive, create_archive, open_archive
from flows.batch import clean_batch
from flows.cli import app
from flows.run import Options, Outcome, staged
from schemas.choices import Choices
from schemas.page import Removal

# A test's first example loads models, and a busy machine may stop any example for a while.
settings.register_profile("cleancopy", deadline=None)
settings.load_profile("cleancopy")

PAGE = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The talks in Geneva went on for a third day, and the two delegations met twice in the afternoon.</p>
<p>{said} Nobody expected an agreement before the end of the week, a diplomat said on Tuesday.</p>
<p>Copyright 2020 Example Agency. All rights reserved.</p></article></body></html>"""

HOSTILE = """Shushi and its road

The road to Shushi was closed on Monday, \u202ethe governor\u202c said, and [bold red]nobody[/bold red] could leave it.

The drivers waited until the evening, and most of them went back to Stepanakert in the dark.
"""


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every cache of ours inside the tests' own folder."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


Ingest = Callable[..., Outcome]


@pytest.fixture(scope="session")
def ingest() -> Ingest:
    """Return a function that ingests sources into an archive: `ingest(archive, *sources, **options)`."""

    def run(archive: Archive, *sources: Path, mirror: bool = False, removal: Removal = Removal.DEFAULT) -> Outcome:
        with staged(
            archive, [str(source) for source in sources], Options(mirror, Choices(removal=removal))
        ) as staged_run:
            for batch in staged_run.batches():
                staged_run.take(clean_batch(batch))
            return staged_run.commit()

    return run


@pytest.fixture(scope="session")
def page() -> Callable[[str, str], str]:
    """Return a function that makes an HTML article: `page(title, first sentence)`."""
    return lambda title, said: PAGE.format(title=title, said=said)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, ingest: Ingest, cache: Path) -> Archive:
    """Return an archive of three versions, which no test may change (`own_archive` is a copy).

    1: news.html, gone.html, sub/road.txt, https://example.org/a?x=1 and id:42 are added; 2: news.html changes;
    3: gone.html is withdrawn.
    """
    del cache
    folder = tmp_path_factory.mktemp("archive")
    pages = folder / "pages"
    (pages / "sub").mkdir(parents=True)
    (pages / "news.html").write_text(PAGE.format(title="The talks", said="Both sides spoke of progress."), "utf-8")
    (pages / "gone.html").write_text(PAGE.format(title="The visit", said="The minister left early."), "utf-8")
    (pages / "sub" / "road.txt").write_text(HOSTILE, "utf-8")
    rows = [
        {
            "url": "https://example.org/a?x=1",
            "html": PAGE.format(title="The row", said="It rained."),
            "captured_at": "2020-11-09T12:00:00Z",
        },
        {"id": "42", "text": "A bridge over the Araks was opened to lorries on Sunday.", "title": "The bridge"},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (pages / "rows.jsonl").write_text(lines, "utf-8")
    made = create_archive(folder / "archive", "common")
    ingest(made, pages)
    (pages / "news.html").write_text(PAGE.format(title="The talks", said="Both sides spoke of failure."), "utf-8")
    ingest(made, pages)
    (pages / "gone.html").unlink()
    ingest(made, pages, mirror=True)
    return open_archive(folder / "archive")


@pytest.fixture
def own_archive(archive: Archive, tmp_path: Path) -> Archive:
    """Return a copy of the archive that a test may change."""
    return open_archive(Path(shutil.copytree(archive.folder.root, tmp_path / "own")))


@pytest.fixture
def cleancopy(archive: Archive) -> Callable[..., "Ran"]:
    """Return a function that runs the command line on the archive: `cleancopy("show", "news.html").out`."""
    return lambda *args, on=archive: Ran(on.folder.root, *args)


class Ran:
    """What a command gave: its exit status, what it printed, and the same read as JSON."""

    def __init__(self, root: Path, *args: str) -> None:
        result = CliRunner().invoke(app, [args[0], "--archive", str(root), *args[1:]])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.status = result.exit_code
        self.bytes = result.stdout_bytes
        self.out = result.stdout
        self.err = result.stderr

    @property
    def json(self) -> object:
        """Return standard output as JSON; it must be one compact line of UTF-8."""
        line = self.bytes.decode("utf-8")
        assert line.endswith("\n")
        assert "\n" not in line[:-1]
        value = json.loads(line)
        assert line[:-1] == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return value
