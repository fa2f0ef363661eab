"""A small archive of four versions, made by the real writer: what the tests of the audit damage and forge."""

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from archive.archive import Archive, create_archive, open_archive
from archive.raw import Original, RawWriter, record_id_of, target_uri
from archive.seal import canonical, commitment, digest, merkle_root
from archive.store import _statistics
from archive.write import Revisions, Run, commit_captures, commit_event, commit_version
from schemas.tables import CAPTURES, REVISIONS

Row = dict[str, object]
TABLES = ("captures", "events", "revisions")
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
        row["detail"] = json.dumps({"name": name, "files": [path]})
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


@dataclass(frozen=True, slots=True)
class Forgery:
    """What is changed of each commit before its digests are made to fit again: rows, body, list of files, log file."""

    rows: Callable[[str, int, list[Row]], object] = lambda _table, _number, _rows: None
    prove: bool = True
    body: Callable[[int, Row], object] = lambda _number, _body: None
    files: Callable[[str, int, dict[str, str]], object] = lambda _table, _number, _files: None
    seal: Callable[[int, str], str] = lambda _number, seal: seal
    log: Callable[[str, int, bytes], bytes] = lambda _table, _number, content: content


@dataclass(slots=True)
class Forger:
    """A copy of the small archive that can be changed so that digests, roots and seals fit again."""

    root: Path
    forgery: Forgery = field(default_factory=Forgery)
    leaves: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    previous_seal: str = ""

    def forge(self, **changes: object) -> None:
        """Change the archive as `Forgery(**changes)` says, and make everything fit again."""
        self.forgery = Forgery(**changes)
        self.previous_seal = ""
        logs = {table: sorted((self.root / table / "_delta_log").glob("*.json")) for table in TABLES}
        for table, paths in logs.items():
            for number, path in enumerate(paths):
                self._commit(table, number, path)
        lines = (self.root / "seal.txt").read_text().splitlines()
        lines[3] = f"seal {self.previous_seal}"
        lines[5:] = [f"{paths[-1].relative_to(self.root).as_posix()} {sha256(paths[-1])}" for paths in logs.values()]
        (self.root / "seal.txt").write_text("\n".join(lines) + "\n")

    def part(self, table: str, number: int) -> Path:
        """Return the first Parquet file that a commit added."""
        log = (self.root / table / "_delta_log" / f"{number:020d}.json").read_text()
        return self.root / table / next(json.loads(line)["add"]["path"] for line in log.splitlines() if '"add"' in line)

    def warc(self, number: int) -> Path:
        """Return the WARC file of a commit of captures."""
        return self.root / "raw" / pq.read_table(self.part("captures", number))["warc_file"][0].as_py()

    def _commit(self, table: str, number: int, path: Path) -> None:
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        info = next(line["commitInfo"] for line in lines if "commitInfo" in line)
        self.leaves[table, number] = []
        for add in (line["add"] for line in lines if "add" in line):
            part = self.root / table / add["path"]
            self.leaves[table, number] += self._part(add, table, number)
            add["size"] = part.stat().st_size
        if number:
            files = json.loads(info["cleancopy.files"])
            files = {
                name: sha256(self.root / name) if (self.root / name).is_file() else was for name, was in files.items()
            }
            self.forgery.files(table, number, files)
            info["cleancopy.files"] = canonical(files)
        if number and table == "revisions":
            info["cleancopy.body"] = canonical(self._body(number, json.loads(info["cleancopy.body"]), info))
            self.previous_seal = digest(info["cleancopy.body"])
            info["cleancopy.seal"] = self.forgery.seal(number, self.previous_seal)
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        path.write_bytes(self.forgery.log(table, number, content))

    def _body(self, number: int, body: Row, info: dict[str, str]) -> Row:
        named = [("revisions", number)]
        for other in ("captures", "events"):
            body[other]["log_sha256"] = sha256(self.root / other / "_delta_log" / f"{body[other]['to']:020d}.json")
            named += [(other, n) for n in range(body[other]["from"] + 1, body[other]["to"] + 1)]
        body["root"] = merkle_root(leaf for name in named for leaf in self.leaves[name])
        body |= {"files_sha256": digest(info["cleancopy.files"]), "previous_seal": self.previous_seal}
        self.forgery.body(number, body)
        return body

    def _part(self, add: Row, table: str, number: int) -> list[str]:
        part = self.root / table / str(add["path"])
        try:
            old = pq.read_table(part)
        except (OSError, pa.ArrowException):
            return []  # damaged on purpose; nothing else is to be changed then
        rows = old.to_pylist()
        self.forgery.rows(table, number, rows)
        if rows != old.to_pylist():
            for row in rows:
                if self.forgery.prove and row["salt"]:
                    row["commitment"] = commitment(row, row["salt"])
            new = pa.Table.from_pylist(rows, schema=old.schema)
            pq.write_table(new, part, write_page_checksum=True)
            add["stats"] = _statistics(new)
        return [row["commitment"] for row in rows]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
def forger(archive_copy: Path) -> Forger:
    """A copy of the small archive to forge."""
    return Forger(archive_copy)


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[[Path], Builder]]:
    """What adds versions to an archive, made where there is none."""
    spool = tmp_path / "spool"
    spool.mkdir()
    yield lambda root: Builder(open_archive(root) if root.exists() else create_archive(root, "common"), spool)
    shutil.rmtree(spool)
