"""`cleancopy memory`: built from an archive, compared, adopted, used by the runs that follow, and audited."""

import json
import shutil
from pathlib import Path

import pytest
from site_pages import FOOTER, MENU, page, rows, story
from typer.testing import CliRunner

from archive.archive import create_archive, open_archive
from archive.audit import audit
from archive.read import reading
from archive.recover import recover
from flows.cli import app

SNAPSHOT = "sites.jsonl"
WEATHER = MENU[3]


def run(archive, *args, status=0):
    done = CliRunner().invoke(app, [*args, "--archive", str(archive.folder.root)])
    assert done.exit_code == status, done.output
    return done


def write(folder, found):
    folder.mkdir(exist_ok=True)
    lines = "".join(json.dumps(row) + "\n" for row in found)
    (folder / "rows.jsonl").write_text(lines, "utf-8")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory, ingest):
    """An archive of one version: twelve pages of a site, three of another."""
    folder = tmp_path_factory.mktemp("site")
    made = create_archive(folder / "archive", "keep-source")
    ingest(made, write(folder / "pages", rows(12) + rows(3, "small.example")))
    run(made, "memory", "build", "-o", str(folder / SNAPSHOT))
    return made


@pytest.fixture
def site(first, tmp_path):
    """A copy of it that a test may change; the snapshot lies beside it."""
    shutil.copy(first.folder.root.parent / SNAPSHOT, tmp_path)
    return open_archive(Path(shutil.copytree(first.folder.root, tmp_path / "archive")))


@pytest.fixture
def snapshot(site):
    return site.folder.root.parent / SNAPSHOT


def texts(archive, at=None):
    with reading(archive, at) as reader:
        return {row["identity"]: row["text"] for row in reader.rows("SELECT identity, text FROM documents")}


def test_a_snapshot_says_what_it_takes_where_it_is_from_and_why(site, snapshot):
    header, *lines = [json.loads(line) for line in snapshot.read_text("utf-8").splitlines()]
    assert (header["archive_id"], header["version"], header["documents"]) == (site.archive_id, 1, 15)
    taken = {line["line"] for line in lines if line["taken"]}
    assert set(MENU) <= taken
    assert taken.isdisjoint(story(3))
    assert {(line["site"], line["count"], line["documents"]) for line in lines} == {("harbour.example", 12, 12)}


def test_the_same_version_gives_the_same_bytes_also_when_there_are_later_ones(site, snapshot, ingest, tmp_path):
    assert run(site, "memory", "build").stdout_bytes == snapshot.read_bytes()
    ingest(site, write(tmp_path / "more", [row | {"text": row["text"] + "Ring the bell\n"} for row in rows(30)]))
    assert run(site, "memory", "build", "--at", "1").stdout_bytes == snapshot.read_bytes()
    assert run(site, "memory", "build").stdout_bytes != snapshot.read_bytes()


def test_lines_that_rules_and_memory_took_are_counted_again(site, snapshot, ingest, tmp_path):
    run(site, "memory", "adopt", str(snapshot))
    ingest(site, write(tmp_path / "pages", rows(12)))
    built = run(site, "memory", "build").stdout_bytes
    assert built.split(b"\n")[1:] == snapshot.read_bytes().split(b"\n")[1:]


def test_once_adopted_pages_met_again_are_cleaned_with_it_and_the_cause_is_the_rules(site, snapshot, ingest, tmp_path):
    run(site, "memory", "adopt", str(snapshot))
    assert list(audit(site.folder.root)) == []
    outcome = ingest(site, write(tmp_path / "pages", rows(12)))
    assert outcome.version.counts["changed"] == 12
    identity = "https://www.harbour.example/3"
    assert WEATHER in texts(site, "1")[identity].split("\n")
    assert WEATHER not in texts(site)[identity].split("\n")
    assert set(story(3)) <= set(texts(site)[identity].split("\n"))
    with reading(site) as reader:
        causes = {row["cause"] for row in reader.rows("SELECT cause FROM revisions WHERE version = 2")}
    assert causes == {"rules"}
    [sha256] = [path.stem for path in (site.folder.root / "memory").iterdir()]
    assert outcome.version.recipe_parts["memory"] == sha256
    assert list(audit(site.folder.root)) == []
    explained = run(site, "explain", identity).output
    assert "memory:repeated_block/12-of-12-pages" in explained
    assert "stands on 12 of the 12 pages of its site" in explained


def test_without_it_again_pages_are_what_they_were(site, snapshot, ingest, tmp_path):
    before = texts(site)
    run(site, "memory", "adopt", str(snapshot))
    ingest(site, write(tmp_path / "pages", rows(12) + rows(3, "small.example")))
    run(site, "memory", "adopt", "none")
    outcome = ingest(site, tmp_path / "pages")
    assert "memory" not in outcome.version.recipe_parts
    assert texts(site) == before
    assert list(audit(site.folder.root)) == []


def test_diff_shows_lines_by_site_and_what_would_change(site, snapshot):
    told = run(site, "memory", "diff", "none", str(snapshot)).output
    assert "12 documents would change" in told
    assert WEATHER in told
    found = json.loads(run(site, "memory", "diff", "adopted", str(snapshot), "--json").output)
    assert {line["line"] for line in found["lines"] if line["comes"]} >= set(MENU)
    assert len(found["documents"]) == 12
    assert all(WEATHER in [edit["before"].strip() for edit in d["taken"]] for d in found["documents"])
    back = json.loads(run(site, "memory", "diff", str(snapshot), "none", "--json").output)
    assert not any(line["comes"] for line in back["lines"])
    assert [len(d["left"]) for d in back["documents"]] == [len(d["taken"]) for d in found["documents"]]
    assert "the same lines" in run(site, "memory", "diff", "none", "none").output


def test_show_lists_what_is_adopted(site, snapshot):
    assert "no site memory is adopted" in run(site, "memory", "show").output
    assert FOOTER[0] in run(site, "memory", "show", str(snapshot)).output
    run(site, "memory", "adopt", str(snapshot))
    shown = json.loads(run(site, "memory", "show", "--json", "--site", "www.harbour.example").output)
    assert {line["line"] for line in shown if line["taken"]} >= set(FOOTER[:-1])
    assert "that is what is adopted" in run(site, "memory", "adopt", str(snapshot)).output


def test_clean_takes_it_only_where_it_is_given(snapshot, tmp_path):
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": 1, "url": "https://harbour.example/77", "text": page(77)}))
    source = str(tmp_path / "rows.jsonl")
    plain = CliRunner().invoke(app, ["clean", "--jsonl", source])
    with_it = CliRunner().invoke(app, ["clean", "--jsonl", source, "--memory", str(snapshot)])
    lines = [json.loads(done.stdout)["text"].split("\n") for done in (plain, with_it)]
    assert [WEATHER in found for found in lines] == [True, False]
    assert CliRunner().invoke(app, ["clean", source, "--memory", str(snapshot)]).exit_code == 2


def test_what_cannot_be_adopted_is_refused(site, snapshot, tmp_path):
    (tmp_path / "no.jsonl").write_text("{}\n")
    assert "no site memory" in run(site, "memory", "adopt", str(tmp_path / "no.jsonl"), status=2).output
    assert "cannot be read" in run(site, "memory", "adopt", str(tmp_path / "not-there"), status=2).output
    other = create_archive(tmp_path / "other", "common")
    assert "another archive" in run(other, "memory", "adopt", str(snapshot), status=2).output
    text = snapshot.read_text("utf-8")
    snapshot.write_text(text.replace('"version":1', '"version":7', 1), "utf-8")
    assert "does not have" in run(site, "memory", "adopt", str(snapshot), status=2).output


def test_an_adopted_memory_that_was_changed_stops_the_next_run_and_is_found(site, snapshot, ingest, tmp_path):
    run(site, "memory", "adopt", str(snapshot))
    [file] = (site.folder.root / "memory").iterdir()
    file.write_bytes(file.read_bytes() + b"\n")
    assert [finding.code for finding in audit(site.folder.root)] == ["file-changed"]
    with pytest.raises(OSError, match="adopted"):
        ingest(site, write(tmp_path / "pages", rows(12)))


def test_a_memory_that_a_killed_adoption_left_is_found_and_removed(site):
    left = site.folder.root / "memory" / f"{'0' * 64}.jsonl"
    left.parent.mkdir()
    left.write_text("{}")
    assert [finding.code for finding in audit(site.folder.root)] == ["file-uncommitted"]
    assert recover(site)
    assert list(audit(site.folder.root)) == []


def test_a_snapshot_is_not_written_into_the_archive(site):
    told = run(site, "memory", "build", "-o", str(site.folder.root / "memory.jsonl"), status=2).output
    assert "lies in the archive" in told
