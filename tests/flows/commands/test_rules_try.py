"""`cleancopy rules try`: what rules would take from an archive and from labelled texts, before they count."""

import gzip
import json

import pytest
from site_pages import page, story
from typer.testing import CliRunner

from archive.archive import create_archive
from archive.audit import audit
from archive.read import reading
from flows.cli import app

HEAD = 'name = "mine"\nversion = "2026.11.1"\n'
BELL = """
[[rules]]
id = "bell"
kind = "navigation"
why = "A call to ring."
where = "line"
match = 'the harbour bell is rung at noon.'
removes = ["The harbour bell is rung at noon."]
keeps = ["He rang the harbour bell."]
"""
EVERY = BELL.replace('"bell"', '"every"').replace("the harbour bell is rung at noon.", "ferry number .*")
PATREON = BELL.replace('"bell"', '"patreon"').replace("the harbour bell is rung at noon.", "support us on patreon")


@pytest.fixture(scope="module")
def site(tmp_path_factory, ingest):
    folder = tmp_path_factory.mktemp("try")
    made = create_archive(folder / "archive", "keep-source")
    (folder / "pages").mkdir()
    bell = "The harbour bell is rung at noon.\n"
    more = {"a.example": bell, "b.example": f"{bell}Support us on Patreon\n"}
    rows = [{"url": f"https://{s}/{n}", "text": page(n) + end} for s, end in more.items() for n in range(3)]
    (folder / "pages" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "pages" / "plain.txt").write_text(page(9) + bell, "utf-8")
    ingest(made, folder / "pages")
    return made


@pytest.fixture
def attempt(site, tmp_path):
    """Return a function that tries rules: `attempt(rules, *options)` gives what the command printed."""

    def run(rules, *options, status=0):
        (tmp_path / "mine.toml").write_text(rules, "utf-8")
        archive = str(site.folder.root)
        done = CliRunner().invoke(app, ["rules", "try", str(tmp_path / "mine.toml"), "--archive", archive, *options])
        assert done.exit_code == status, done.output
        return done.output

    return run


@pytest.fixture
def labelled(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    good = [{"text": line, "keep": True} for line in story(3)]
    bad = [{"text": "The harbour bell is rung at noon.", "keep": False}, {"text": "Who knows", "keep": None}]
    (folder / "a.jsonl").write_text(json.dumps({"id": "one", "lines": [*good, *bad]}) + "\n", "utf-8")
    with gzip.open(folder / "b.jsonl.gz", "wt") as stream:
        stream.write(json.dumps({"id": "two", "lang": "en", "lines": [*bad, *good]}) + "\n")
    return folder


def test_a_rule_shows_what_it_would_take_by_site_in_context(attempt):
    told = attempt(HEAD + BELL)
    assert "7 documents" in told
    assert "mine:navigation/bell" in told
    assert "[-The harbour bell is rung at noon.-]" in told
    rule = json.loads(attempt(HEAD + BELL, "--json"))["rules"][0]
    assert (rule["documents"], rule["times"], rule["new_times"]) == (7, 7, 7)
    assert rule["sites"] == {"": 1, "a.example": 3, "b.example": 3}
    assert sorted(sample["site"] for sample in rule["samples"]) == ["", "a.example", "b.example"]
    above = {sample["above"] for sample in rule["samples"]}
    assert above == {page(1).rstrip().rpartition("\n")[2]}


def test_what_has_left_already_is_told_apart(attempt):
    told = attempt(HEAD + PATREON)
    assert "left already" in told
    rule = json.loads(attempt(HEAD + PATREON, "--json"))["rules"][0]
    assert (rule["times"], rule["new_times"], rule["new_characters"]) == (3, 0, 0)


def test_labelled_texts_tell_what_a_rule_costs(attempt, labelled):
    told = json.loads(attempt(HEAD + BELL + EVERY, "--labelled", str(labelled), "--json"))
    assert told["labelled"] == {"good_lines": 2 * len(story(3)), "lines_to_drop": 2}
    bell, every = told["rules"]
    assert (bell["lines_to_drop"], bell["good_lines"]) == (2, 0)
    assert (every["lines_to_drop"], every["good_lines"]) == (0, 2)
    assert every["good_samples"][0] == {"id": "one", "text": "Ferry number 3 leaves on time"}
    shown = attempt(HEAD + BELL + EVERY, "--labelled", str(labelled))
    assert "good line of one" in shown
    assert "14.286%" in shown or "14.285%" in shown


def test_a_changed_copy_of_a_ruleset_stands_in_for_it(attempt, site):
    rule = json.loads(attempt(HEAD.replace("mine", "rights") + BELL, "--json"))["rules"][0]
    assert (rule["rule"], rule["times"]) == ("rights:navigation/bell", 7)
    with reading(site) as reader:
        assert reader.version.version == 1
    assert list(audit(site.folder.root)) == []


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("", "rules"),
        (HEAD + BELL.replace("where =", "were ="), "were"),
        (HEAD + BELL.replace("the harbour bell is", "(the harbour bell is"), "RE2"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_the_reason(attempt, rules, said):
    assert said in attempt(rules, status=2)


@pytest.mark.parametrize("row", ["{", "[]", "{}", '{"lines": [1]}', '{"lines": [{"text": "a", "keep": 1}]}'])
def test_labels_that_cannot_be_read_are_refused_with_their_place(attempt, tmp_path, row):
    (tmp_path / "x").mkdir()
    assert "holds no .jsonl" in attempt(HEAD + BELL, "--labelled", str(tmp_path / "x"), status=2)
    (tmp_path / "x" / "y.jsonl").write_text(f"{row}\n")
    assert "y.jsonl, line" in attempt(HEAD + BELL, "--labelled", str(tmp_path / "x"), status=2)


def test_a_ruleset_of_ours_is_tried_by_its_name(site):
    done = CliRunner().invoke(app, ["rules", "try", "boilerplate-ru", "--archive", str(site.folder.root), "--json"])
    assert json.loads(done.output)["ruleset"] == "boilerplate-ru"


def test_a_pattern_that_cannot_match_is_told_as_it_was_written(attempt):
    assert "missing ): the bell (" in attempt(
        HEAD + BELL.replace("the harbour bell is rung at noon.", "the bell (", 1), status=2
    )
