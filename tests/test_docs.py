"""The documentation is true: its commands run, its examples work when typed in, and so do its recipes."""

import doctest
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from archive.archive import create_archive, open_archive
from cleaners import gazetteer
from cleaners.clean import clean
from flows.cli import app
from flows.sources import captures
from schemas.page import Page

ROOT = Path(__file__).parent.parent
RULES = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
READING = ROOT / "docs" / "using-the-archive.md"
GAZETTEER = ROOT / "docs" / "gazetteer.md"
NAMES = ROOT / "docs" / "names.md"
SOURCES = ROOT / "docs" / "sources.md"
FORMAT = ROOT / "docs" / "data-format.md"
EXAMPLES = ROOT / "examples" / "README.md"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PARTS = ("schemas", "cleaners", "archive", "flows", "tests")

_BLOCK = re.compile(
    r"(?:^ *<!-- test: (?P<task>[^\n]*) -->\n)?^(?P<pad> *)```(?P<kind>[a-z]+)\n(?P<text>.*?)^(?P=pad)```$",
    re.MULTILINE | re.DOTALL,
)
_VARYING = (
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "DIGEST"),
    (re.compile(r"\b2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\b"), "TIME"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and what stands in the comment before it."""

    kind: str
    text: str
    task: str


def blocks(path: Path) -> list[Block]:
    return [
        Block(found["kind"], textwrap.dedent(found["text"]), found["task"] or "")
        for found in _BLOCK.finditer(path.read_text("utf-8"))
    ]


def examples(path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield each command of a document's sh and console blocks, with the output that is shown for it."""
    for block in blocks(path):
        if block.kind == "sh":
            yield from ((line, None) for line in block.text.splitlines())
        elif block.kind == "console":
            for piece in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, output = piece.partition("\n")
                yield command, output


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command: its exit status, and all that it printed."""

    status: int
    out: str


def run(command: str, folder: Path, **environment: str) -> Ran:
    """Run a command as a reader would, in a shell in which .venv is active."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"PATH": path, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore", **environment}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def run_here(command: str, folder: Path) -> Ran:
    """Run a command in this process if it is ours and needs no shell, which saves the time to start another."""
    if not command.startswith("cleancopy ") or set("|<>$") & set(command):
        return run(command, folder, CLEANCOPY_ARCHIVE="my-archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("CLEANCOPY_ARCHIVE", "my-archive")
        result = CliRunner().invoke(app, shlex.split(command)[1:])
    return Ran(result.exit_code, result.output)


def alike(shown: str, output: str) -> bool:
    """Return whether an output is what is shown, whatever its digests and times are; `...` stands for anything."""
    for pattern, name in _VARYING:
        shown, output = pattern.sub(name, shown), pattern.sub(name, output)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(shown, output, flags)


def parsed(command: str) -> dict[str, object]:
    """Return the arguments and options of a `cleancopy` command; a click error where it could not be run."""
    rest = shlex.split(command, comments=True)[1:]
    found = typer.main.get_command(app)
    while isinstance(found, typer.core.TyperGroup):
        with found.make_context("cleancopy", rest.copy()) as context:
            _, found, rest = found.resolve_command(context, rest)
    return found.make_context(command, rest).params


@pytest.fixture(scope="module")
def place(tmp_path_factory, ingest) -> Path:
    """A folder like the README's: with the examples, and the archive that its `cleancopy ingest SOURCE` lines make."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "cleaners").symlink_to(ROOT / "cleaners")
    archive = create_archive(folder / "my-archive", "common")
    for command, _ in examples(README):
        if command.startswith("cleancopy ingest") and (sources := parsed(command)["source"]):
            ingest(archive, *(ROOT / source for source in sources))
    return folder


@pytest.mark.parametrize(
    "document",
    [README, *(pytest.param(page, marks=pytest.mark.slow) for page in (READING, RULES, GAZETTEER, NAMES))],
    ids=lambda page: page.name,
)
def test_the_commands_shown_run_and_give_what_is_shown(document, place):
    for block in blocks(document):
        task, _, name = block.task.partition(" ")
        if task == "create":
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(block.text, "utf-8")
    for command, shown in examples(document):
        if command.startswith("make "):
            assert set(command.split()[1:]) <= TARGETS, command
        elif command.startswith(("cleancopy ingest", "cleancopy reclean", "cleancopy sources check")):
            parsed(command)
        else:
            done = run_here(command, place)
            assert done.status == 0, f"$ {command}\n{done.out}"
            assert shown is None or alike(shown, done.out), f"$ {command}\n{done.out}"


def test_the_readme_reads_an_edition(place):
    if not (place / "my-archive" / "editions" / "autumn-2020").exists():
        assert run_here("cleancopy export autumn-2020", place).status == 0
    [code] = [block.text for block in blocks(README) if block.kind == "python"]
    (place / "read.py").write_text(code, "utf-8")
    done = run("python read.py", place)
    assert done.status == 0, done.out
    assert "pl:shusha" in done.out
    assert re.search(r"^en +\d+$", done.out, re.MULTILINE), done.out


def test_the_readme_tells_the_settings(tmp_path):
    settings, *_ = [block.text for block in blocks(README) if block.kind == "toml" and "archive =" in block.text]
    (tmp_path / "cleancopy.toml").write_text(settings, "utf-8")
    create_archive(tmp_path / tomllib.loads(settings)["archive"], "common")
    done = run("cleancopy log", tmp_path)
    assert (done.status, "my-archive has no version yet" in done.out) == (0, True), done.out


@pytest.mark.parametrize("document", [README, SOURCES], ids=lambda path: path.name)
def test_the_sources_shown_can_be_configured(document, tmp_path):
    texts = [block.text for block in blocks(document) if block.kind == "toml" and "[sources." in block.text]
    assert texts
    for text in texts:
        (tmp_path / "cleancopy.toml").write_text(text, "utf-8")
        done = run("cleancopy sources list", tmp_path)
        assert done.status == 0, done.out
        assert all(name in done.out for name in tomllib.loads(text)["sources"])


def test_the_verifier_of_the_specification_gives_the_seals_of_the_archive(place):
    [code] = [block.text for block in blocks(FORMAT) if block.kind == "python"]
    (place / "verifier.py").write_text(code, "utf-8")
    log = open_archive(place / "my-archive").log("revisions")
    done = run("python verifier.py my-archive", place)
    assert done.out.splitlines()[-1] == f"{log.newest} {log.metadata(log.newest)['cleancopy.seal']}"

    log = sorted((place / "my-archive" / "revisions" / "_delta_log").iterdir())[1]
    forged = shutil.copytree(place / "my-archive", place / "forged")
    (forged / log.relative_to(place / "my-archive")).write_text(log.read_text("utf-8").replace("ingest", "import"))
    assert run("python verifier.py forged", place).status != 0


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A copy of the code, to follow the recipes in."""
    folder = tmp_path_factory.mktemp("clone") / "cleancopy"
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def followed(clone) -> Path:
    """The copy, after all that the recipes of CONTRIBUTING.md tell to write has been written."""
    for block in blocks(CONTRIBUTING):
        task, _, name = block.task.partition(" ")
        file = clone / name
        if task == "create":
            file.write_text(block.text, "utf-8")
        elif task == "append":
            _append(file, block)
        elif task == "replace":
            _replace(file, block)
        elif task:
            pytest.fail(f"{CONTRIBUTING.name}: no such task: {block.task}")
    _give_versions(clone)
    for command, _ in examples(CONTRIBUTING):
        if command.startswith("ruff "):
            done = run(command, clone)
            assert done.status == 0, f"$ {command}\n{done.out}"
    return clone


def _append(file: Path, block: Block) -> None:
    text = file.read_text("utf-8")
    if block.text not in text:  # somebody has tried the recipe as it stands
        file.write_text(text.rstrip("\n") + "\n" * (1 + (block.kind == "toml")) + block.text, "utf-8")


def _replace(file: Path, block: Block) -> None:
    text = file.read_text("utf-8")
    before, after = ("".join(f"{line[1:]}\n" for line in block.text.splitlines() if line[0] == s) for s in "-+")
    if after not in text:
        assert text.count(before) == 1, f"{file.name} has no single\n{before}"
        file.write_text(text.replace(before, after), "utf-8")


def _give_versions(clone: Path) -> None:
    """Raise the versions of the ruleset and of the gazetteer, as the recipes tell."""
    rules, versions = clone / "cleaners" / "rules" / "boilerplate.toml", clone / "cleaners" / "rules" / "versions.toml"
    raised = re.sub(r'(?m)^(version = ".*\.)\d+"$', r'\g<1>999"', rules.read_text("utf-8"), count=1)
    rules.write_text(raised, "utf-8")
    entry = f'[boilerplate]\nversion = "{tomllib.loads(raised)["version"]}"\n'
    entry += f'digest = "{hashlib.sha256(rules.read_bytes()).hexdigest()}"\n'
    locked = re.sub(r"(?m)^\[boilerplate\]\n.*\n.*\n", entry, versions.read_text("utf-8"))
    versions.write_text(locked, "utf-8")
    data = clone / "cleaners" / "gazetteer"
    lines = "\n".join(f'"{name}" = "{digest}"' for name, digest in gazetteer.digests(data).items())
    (data / "version.toml").write_text(f'version = "2026.11.999"\n\n[sha256]\n{lines}\n', "utf-8")


def test_the_recipes_of_contributing_work_word_for_word(followed):
    commands = [command for command, _ in examples(CONTRIBUTING)]
    for command in commands:
        if command.startswith("make "):
            assert set(command.split()[1:]) <= TARGETS, command
    tests = " ".join(
        c.removeprefix("python -m pytest ") for c in commands if c.startswith("python -m pytest") and "-k" not in c
    )
    chosen = f"{tests} tests/cleaners/test_rules.py -k 'rate-strip or lock or not test_rules'"
    done = run(f"python -m pytest {chosen}", followed, PYTHONPATH=str(followed))
    assert done.status == 0, done.out
    assert "rate-strip" in run("cleancopy clean --explain rates.txt", followed, PYTHONPATH=str(followed)).out
    [named] = [command for command in commands if "Górski Karabach" in command]
    assert '"entity":"pl:nagorno_karabakh"' in run(named, followed, PYTHONPATH=str(followed)).out


def test_code_that_the_recipes_show_passes_lint(followed):
    written = sorted({block.task.split()[1] for block in blocks(CONTRIBUTING) if block.task.endswith(".py")})
    assert len(written) >= 7
    done = run(f"ruff check {' '.join(written)} && ruff format --check {' '.join(written)}", followed)
    assert done.status == 0, done.out


def test_what_example_pages_are_said_to_leave_undone_is_still_so():
    texts = defaultdict(str)
    for day in ("monday", "tuesday"):
        for found in captures(str(ROOT / "examples" / "pages" / day), datetime(2020, 12, 9, tzinfo=UTC)):
            name = re.search(rf"/{day}/(.*?)(?::\d+)?$", found.source)[1]
            page = Page(found.body, found.media_type, found.url, found.charset, found.title)
            texts[name] += clean(page, "common").text
    rows = [line.split(" | ") for line in EXAMPLES.read_text("utf-8").splitlines() if line.count(" | ") == 5]
    said = {row[0].strip("| `"): row[-1] for row in rows[1:]}
    assert said.keys() == texts.keys()
    for name, undone in said.items():
        for words in re.findall("`([^`]+)`", undone):
            assert words.replace("\\|", "|") in texts[name], (
                f"examples/README.md, {name}: no longer in the clean text: {words}"
            )
