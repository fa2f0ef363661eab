"""A small archive of four versions, made by the real writer: what the tests of the audit damage and forge."""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from archive.archive import Archive, create_archive, open_archive
from archive.raw import Original, RawWriter, record_id_of, target_uri
from archive.write import Revisions, Run, commit_captures, commit_event, commit_version
from schemas.tables import CAPTURES, REVISIONS

Row = dict[str, object]
START = datetime(2020, 11, 9, 21, 0, tzinfo=UTC)
DONATE = "Support our newsroom 🙏\n"


@dataclass(frozen=True, slots=True)
class SmallArchive:
    """An archive with what later tests need: its folder, and seal.txt as it was after each version, from 0."""

    root: Path
    seal_files: list[bytes] = field(default_factory=list)

    def copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self.root, to, symlinks=True))


@dataclass(slots=True)
class Builder:
    """Adds versions to an archive: each with a page that changes, one that does not, a new one and a failed one."""

    archive: Archive
    spool: Path
    first: dict[str, Original] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)

    def version(self, number: int) -> None:
        captures, revisions, run = self._rows(number)
        named = commit_captures(
            self.archive, run, [table(captures, CAPTURES)], [self.spool / f"{run.run_id}-00000.warc.gz"]
        )
        counts = {
            "captures": len(captures),
            "revisions": len(revisions),
            "verdict.ok": len(captures) - 1,
            "verdict.gone": 1,
        }
        commit_version(self.archive, run, named, lambda _: Revisions([table(revisions, REVISIONS)], counts))

    def unfinished(self, number: int) -> None:
        """Commit captures, as a run does that is then killed."""
        captures, _, run = self._rows(number)
        commit_captures(self.archive, run, [table(captures, CAPTURES)], [self.spool / f"{run.run_id}-00000.warc.gz"])

    def edition(self, name: str) -> None:
        content = b"PAR1 as far as this test goes"
        path = f"editions/{name}/revisions.parquet"
        digest = self.archive.folder.write(path, content)
        row: Row = {"doc_id": "", "event_id": uuid.uuid4().hex, "kind": "edition", "recorded_at": START, "version": 1}
        commit_event(self.archive, self._run(), row, {path: digest})

    def _run(self) -> Run:
        return Run(uuid.uuid4().hex, "ingest", "cleancopy 0", "0" * 64, {"rules": "0" * 64}, self.spool)

    def _rows(self, number: int) -> tuple[list[Row], list[Row], Run]:
        run = self._run()
        writer = RawWriter(self.spool / f"{run.run_id}-00000.warc.gz", "cleancopy test")
        moment = START + timedelta(days=number)
        captures, revisions = [], []
        for page in ("changing", "same", f"new-{number}"):
            url = f"https://example.org/{page}"
            body = f"Շուշի, Şuşa, Шуша 🏔 {page if page != 'changing' else number}".encode()
            capture = {
                **stem(url, moment),
                "run_id": run.run_id,
                "verdict": "ok",
                "duplicate": False,
                "size": len(body),
            }
            name = record_id_of(str(capture["capture_id"]))
            capture["raw_sha256"] = hashlib.sha256(body).hexdigest()
            if page in self.first and page == "same":
                place = writer.add_revisit(target_uri(url, url), body, name, moment, self.first[page])
            else:
                place = writer.add(target_uri(url, url), body, "text/plain", name, moment)
                self.first[page] = Original(name, moment)
                revisions.append(self._revision(capture, body.decode(), number))
            captures.append(
                capture | {"warc_file": place.file.name, "warc_record_id": place.record_id, "warc_offset": place.offset}
            )
        writer.close()
        failed = stem("https://example.org/failed", moment) | {"raw_sha256": hashlib.sha256(b"").hexdigest(), "size": 0}
        captures.append(failed | {"run_id": run.run_id, "verdict": "gone", "detail": "HTTP 410", "duplicate": False})
        return captures, revisions, run

    def _revision(self, capture: Row, text: str, number: int) -> Row:
        """Make a revision whose text lost a line, and had a name respelt, between two steps."""
        doc_id = str(capture["doc_id"])
        self.revisions[doc_id] = revision = self.revisions.get(doc_id, 0) + 1
        extracted = f"{DONATE}{text} Nagarno"
        removal = {"start": 0, "end": len(DONATE), "before": DONATE, "after": "", "rule": "boilerplate:donation/x"}
        typo = {"start": len(text) + 1, "end": len(text) + 8, "before": "Nagarno", "after": "Nagorno", "rule": "n:t/x"}
        clean = f"{text} Nagorno"
        shared = (
            "doc_id",
            "identity",
            "url",
            "site",
            "capture_id",
            "captured_at",
            "recorded_at",
            "run_id",
            "raw_sha256",
        )
        return {name: capture[name] for name in shared} | {
            "revision": revision,
            "version": number,
            "op": "add" if revision == 1 else "change",
            "cause": "page",
            "title": f"Title {number}",
            "authors": ["desk"],
            "lang": "hy",
            "lang_confidence": 0.9876,
            "languages": [{"language": "hy", "share": 0.5}],
            "text": clean,
            "text_sha256": hashlib.sha256(clean.encode()).hexdigest(),
            "extracted_sha256": hashlib.sha256(extracted.encode()).hexdigest(),
            "mentions": [
                {"start": 0, "end": 5, "surface": "Շուշի", "entity": "Q1", "kind": "official", "form": "Շուշի"}
            ],
            "steps": [
                {"cleaner": "boilerplate", "version": "1", "edits": [removal]},
                {"cleaner": "names", "version": "1", "edits": [typo]},
            ],
        }


def stem(url: str, moment: datetime) -> Row:
    return {
        "doc_id": hashlib.sha256(url.encode()).hexdigest()[:32],
        "identity": url,
        "url": url,
        "site": "example.org",
        "capture_id": uuid.uuid4().hex,
        "captured_at": moment,
        "recorded_at": moment,
    }


def table(rows: list[Row], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema([f for f in schema if f.name not in {"salt", "commitment"}]))


@pytest.fixture(scope="session")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> SmallArchive:
    """Four versions; an edition was exported after the second."""
    base = tmp_path_factory.mktemp("small")
    small = SmallArchive(base / "archive")
    (base / "spool").mkdir()
    builder = Builder(create_archive(small.root, "common"), base / "spool")
    small.seal_files.append((small.root / "seal.txt").read_bytes())
    for number in (1, 2, 3, 4):
        builder.version(number)
        if number == 2:
            builder.edition("first")
        small.seal_files.append((small.root / "seal.txt").read_bytes())
    return small


@pytest.fixture
def archive_copy(small_archive: SmallArchive, tmp_path: Path) -> Path:
    """A copy of the small archive to damage."""
    return small_archive.copy(tmp_path / "archive")


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[[Path], Builder]]:
    """What adds versions to an archive, made where there is none."""
    spool = tmp_path / "spool"
    spool.mkdir()
    yield lambda root: Builder(open_archive(root) if root.exists() else create_archive(root, "common"), spool)
    shutil.rmtree(spool)
