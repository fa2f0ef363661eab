"""The procedure of a lawful erasure, tried: the words go, every seal stays provable.

Rewritten files take the places of those that held the document; each erased row keeps only its commitment and what
cannot be null, in its old place, so that the root of its version can still be computed.
"""

import gzip
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from archive.archive import open_archive, write_seal_file
from archive.audit import audit
from archive.seal import canonical, commitment, digest, merkle_root
from archive.versions import Version, versions
from archive.write import Run, commit_event, commitments
from schemas.tables import REVISIONS, TABLES

WORDS = ("Շուշի, Şuşa, Шуша 🏔 1", "Շուշի, Şuşa, Шуша 🏔 2", "https://example.org/changing")
DOC_ID = hashlib.sha256(WORDS[2].encode()).hexdigest()[:32]


@dataclass
class Erasure:
    """Erases one document from an archive by hand, as a writer of erasures will have to."""

    root: Path
    doc_id: str
    replaced: dict[str, dict[str, str | None]] = field(default_factory=dict)
    erased_records: set[str] = field(default_factory=set)

    def rewrite_parts(self, table: str) -> list[dict[str, object]]:
        """Put new Parquet files in the places of those with rows of the document; return the log's actions."""
        actions: list[dict[str, object]] = []
        for path in open_archive(self.root).table(table).files():
            rows = pq.read_table(path).to_pylist()
            hit = [row for row in rows if row["doc_id"] == self.doc_id]
            if not hit:
                continue
            self.erased_records |= {row["warc_record_id"] for row in hit if row.get("warc_record_id")}
            kept = {entry.name for entry in TABLES[table] if not entry.nullable}
            rows = [{k: v for k, v in r.items() if k in kept} if r in hit else r for r in rows]
            new = path.with_name(f"part-{uuid.uuid4().hex}.parquet")
            add = self.add(write(rows, table, new), data_change=False)
            self.replaced[f"{table}/{path.name}"] = named(self.root, new)
            actions += [{"remove": {"path": path.name, "dataChange": False, "deletionTimestamp": 0}}, add]
            path.unlink()
        return actions

    def add(self, path: Path, *, data_change: bool) -> dict[str, object]:
        ids = pq.read_table(path, columns=["doc_id"])["doc_id"].to_pylist()
        bounds = {"minValues": {"doc_id": min(ids)}, "maxValues": {"doc_id": max(ids)}, "nullCount": {"doc_id": 0}}
        stats = json.dumps({"numRecords": len(ids)} | bounds)
        size = path.stat().st_size
        about = {"path": path.name, "partitionValues": {}, "size": size, "modificationTime": 0, "stats": stats}
        return {"add": about | {"dataChange": data_change}}

    def rewrite_warcs(self) -> dict[str, str]:
        """Leave the document's records out of each WARC file; the file keeps its name."""
        digests = {}
        for path in sorted((self.root / "raw").iterdir()):
            members = split(path.read_bytes())
            kept = [m for m in members if not any(r.encode() in gzip.decompress(m) for r in self.erased_records)]
            if kept != members:
                path.write_bytes(b"".join(kept))
                name = f"raw/{path.name}"
                self.replaced[name] = named(self.root, path)
                digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return digests

    def commit(self, table: str, actions: list[dict[str, object]], files: dict[str, str]) -> dict[str, str]:
        """Return the metadata of the table's next commit; `append` writes it."""
        log = self.root / table / "_delta_log"
        previous = max(log.glob("*.json"))
        adds = [self.root / table / action["add"]["path"] for action in actions if "add" in action]
        files |= {path.relative_to(self.root).as_posix(): sha256(path) for path in [*adds, previous]}
        return {"cleancopy.files": canonical(files)}

    def append(self, table: str, actions: list[dict[str, object]], metadata: dict[str, str]) -> None:
        log = self.root / table / "_delta_log"
        number = len(list(log.glob("*.json")))
        info = {"commitInfo": {"timestamp": 0, "operation": "OPTIMIZE", **metadata}}
        lines = "".join(json.dumps(line) + "\n" for line in [info, *actions])
        (log / f"{number:020d}.json").write_text(lines)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def named(root: Path, path: Path) -> dict[str, str | None]:
    return {"path": path.relative_to(root).as_posix(), "sha256": sha256(path), "reason": "court order"}


def write(rows: list[dict[str, object]], table: str, path: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[table]), path, write_page_checksum=True)
    return path


def split(content: bytes) -> list[bytes]:
    """Return the gzip members of a WARC file."""
    starts = [i for i in range(len(content)) if content.startswith(b"\x1f\x8b\x08\x00", i)]
    return [content[a:b] for a, b in zip(starts, [*starts[1:], len(content)], strict=True)]


def sealed_body(erasure: "Erasure", run: Run, before: Version, listed: str, last: dict[str, object]) -> str:
    """Return the body of the version that erases: it names what was rewritten, and roots the one new row."""
    root, archive = erasure.root, open_archive(erasure.root)
    spans = {name: (getattr(before, name), archive.table(name).version) for name in ("captures", "events")}
    return canonical(
        {
            "format": 1,
            "version": before.version + 1,
            "previous_seal": before.seal,
            "archive_id": archive.archive_id,
            "time": before.time,
            "run_id": run.run_id,
            "command": "erase",
            "code": "cleancopy 0",
            "policy": "common",
            "recipe": before.recipe,
            "recipe_parts": before.recipe_parts,
            "counts": {"revisions": 1, "captures": 0},
            # rows that were rewritten belong to the versions that brought them
            "root": merkle_root([last["commitment"], *commitments(archive, "events", *spans["events"])]),
            "files_sha256": digest(listed),
            "replaced": erasure.replaced,
            **{
                name: {
                    "from": after,
                    "to": upto,
                    "log_sha256": sha256(root / name / "_delta_log" / f"{upto:020d}.json"),
                }
                for name, (after, upto) in spans.items()
            },
        }
    )


def erase(root: Path, doc_id: str, spool: Path) -> None:
    archive = open_archive(root)
    erasure = Erasure(root, doc_id)
    before = versions(archive)[-1]
    run = Run(uuid.uuid4().hex, "erase", "cleancopy 0", before.recipe, before.recipe_parts, spool)
    newest = max(
        (
            row
            for path in archive.table("revisions").files()
            for row in pq.read_table(path).to_pylist()
            if row["doc_id"] == doc_id
        ),
        key=lambda row: row["revision"],
    )

    actions = erasure.rewrite_parts("captures")
    erasure.append("captures", actions, erasure.commit("captures", actions, erasure.rewrite_warcs()))

    why = {"reason": "court order", "by": "the owner", "doc_id": doc_id}
    event = {"doc_id": doc_id, "event_id": uuid.uuid4().hex, "kind": "erasure", "detail": json.dumps(why)}
    commit_event(archive, run, event | {"recorded_at": newest["recorded_at"], "version": before.version + 1}, {})

    actions = erasure.rewrite_parts("revisions")
    stays = ("doc_id", "captured_at", "recorded_at")
    last = {name: newest[name] for name in stays} | {"op": "erase", "cause": "order", "run_id": run.run_id}
    last |= {"revision": newest["revision"] + 1, "version": before.version + 1}
    salt = uuid.uuid4().hex
    last |= {"salt": salt, "commitment": commitment(last, salt)}
    part = write([last], "revisions", root / "revisions" / f"part-{uuid.uuid4().hex}.parquet")
    actions.append(erasure.add(part, data_change=True))
    metadata = erasure.commit("revisions", actions, {})
    body = sealed_body(erasure, run, before, metadata["cleancopy.files"], last)
    erasure.append("revisions", actions, metadata | {"cleancopy.body": body, "cleancopy.seal": digest(body)})
    write_seal_file(open_archive(root))


def everything(root: Path) -> str:
    """Return all that the folder says, packed or not."""
    said = []
    for path in root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            said.append(content.decode("utf-8", "replace"))
            if path.suffix == ".gz":
                said.append(gzip.decompress(content).decode("utf-8", "replace"))
            if path.suffix == ".parquet":
                said.append(repr(pq.read_table(path).to_pylist()))
                said.append(repr(pq.ParquetFile(path).metadata.to_dict()))
    return "\n".join(said)


@pytest.fixture
def erased(build, tmp_path):
    root = tmp_path / "archive"
    builder = build(root)
    builder.version(1)
    builder.version(2)
    said = everything(root)
    assert all(word in said for word in WORDS)
    seals = [version.seal for version in versions(open_archive(root))]
    kept = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    erase(root, DOC_ID, tmp_path / "spool")
    return root, builder, seals, kept


def test_the_audit_finds_nothing_after_an_erasure(erased):
    assert list(audit(erased[0])) == []


def test_the_seals_of_earlier_versions_stay_provable(erased):
    root, _, seals, _ = erased
    assert [version.seal for version in versions(open_archive(root))][:2] == seals
    assert [list(audit(root, seal=seal[:16])) for seal in seals] == [[], []]


def test_the_erased_words_are_nowhere_in_the_folder(erased):
    said = everything(erased[0])
    assert not [word for word in WORDS if word in said]
    assert "https://example.org/same" in said


def test_other_readers_see_the_rows_that_are_left(erased):
    root = erased[0]
    rows = DeltaTable(str(root / "revisions")).to_pyarrow_table(columns=["doc_id", "op", "text"]).to_pylist()
    assert sorted(row["op"] for row in rows if row["doc_id"] == DOC_ID) == ["add", "change", "erase"]
    assert all((row["text"] is None) == (row["doc_id"] == DOC_ID) for row in rows)


def test_the_next_run_continues_after_an_erasure(erased):
    root, builder, _, _ = erased
    builder.revisions[DOC_ID] = 3
    builder.version(4)
    assert list(audit(root)) == []


def test_a_file_that_comes_back_after_an_erasure_is_found(erased):
    root, _, _, kept = erased
    back = [path for path in kept if not path.exists()]
    assert back
    for path in back:
        path.write_bytes(kept[path])
    assert [(f.code, f.path) for f in audit(root)] == [
        ("erased-file-present", path.relative_to(root).as_posix()) for path in sorted(back)
    ]


def test_an_erased_row_that_still_says_something_is_found(erased):
    root = erased[0]
    for path in (root / "revisions").glob("*.parquet"):
        rows = pq.read_table(path)
        if None in rows["salt"].to_pylist():
            at = REVISIONS.get_field_index("title")
            titles = pa.array(["Rumour"] * rows.num_rows, pa.string())
            pq.write_table(rows.set_column(at, REVISIONS.field(at), titles), path, write_page_checksum=True)
    assert "row-unproven" in {f.code for f in audit(root)}
