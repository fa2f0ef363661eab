"""sql, diff, changes and export, as a user runs them."""

import json

import pyarrow.parquet as pq
import pytest

from archive.audit import audit


def test_sql_answers_in_rows(cleancopy):
    rows = cleancopy("sql", "SELECT identity, lang FROM documents ORDER BY identity", "--json").json
    assert rows[0] == {"identity": "file:news.html", "lang": "en"}
    assert len(rows) == 4
    assert "file:news.html" in cleancopy("sql", "SELECT identity FROM documents").out
    assert len(cleancopy("sql", "FROM documents", "--at", "1", "--json").json) == 5
    assert cleancopy("sql", "FROM documents WHERE false", "--json").json == []


def test_sql_values_of_every_kind_are_json(cleancopy):
    query = """
        SELECT 1 AS a, 2 AS a, NULL AS n, 'nan'::DOUBLE AS f, 'ab'::BLOB AS b, MAP {'k': 1} AS m,
          1.50::DECIMAL(4, 2) AS d,
          TIMESTAMPTZ '2020-11-09 21:00:00+00' AS t, TIMESTAMP_NS '2020-11-09 21:00:00.000000001' AS ns,
          DATE '2020-11-09' AS day, [1, 2] AS l, {'x': 'ə'} AS s, 'Շուշի' AS h
    """
    (row,) = cleancopy("sql", query, "--json").json
    numbers = {"a": 1, "a_1": 2, "n": None, "f": None, "b": "6162", "m": {"k": 1}, "d": "1.50", "l": [1, 2]}
    times = {"t": "2020-11-09T21:00:00.000000Z", "ns": "2020-11-09T21:00:00.000000", "day": "2020-11-09"}
    assert row == numbers | times | {"s": {"x": "ə"}, "h": "Շուշի"}


@pytest.mark.parametrize(
    "query",
    [
        *("SELEC", "SELECT * FROM '/etc/passwd'", "SELECT nothing FROM documents", "SELECT 1/0::INT[]"),
        *("", "/* nothing */", "SELECT 1; SELECT 2"),
    ],
)
def test_sql_that_cannot_be_answered_is_wrong_usage(cleancopy, query):
    ran = cleancopy("sql", query)
    assert ran.status == 2
    assert ran.err.startswith("cleancopy: ")


def test_sql_takes_one_query_and_says_so(cleancopy):
    assert "one query at a time" in cleancopy("sql", "SELECT 1; SELECT 2").err
    assert "empty" in cleancopy("sql", "").err
    assert cleancopy("sql", "SELECT 1 AS a;", "--json").json == [{"a": 1}]
    assert len(cleancopy("sql", "PIVOT documents ON lang USING count(*) GROUP BY policy", "--json").json) == 1


def test_sql_tells_of_what_its_answer_is(cleancopy):
    said = cleancopy("sql", "SELECT 1", "--at", "2").err
    assert said == "as of version 2 (captures, events and versions are whole)\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("'-infinity'::DATE", "-infinity"),
        ("'infinity'::TIMESTAMP", "infinity"),
        ("'infinity'::TIMESTAMP_S", "infinity"),
        ("DATE '290000-01-01'", "290000-01-01"),
        ("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"),
        ("TIMESTAMP '5000-02-28 (BC) 06:07:08'", "5000-02-28 (BC) 06:07:08"),
        ("TIMESTAMP_S '20000-02-29 12:00:00'", "20000-02-29 12:00:00"),
        ("TIMESTAMPTZ '12345-06-07 08:09:10.5+00'", "12345-06-07 08:09:10.5+00"),
        ("[DATE '290000-01-01', NULL, DATE '2020-11-09']", ["290000-01-01", None, "2020-11-09"]),
        ("{'x': MAP {'k': 'infinity'::DATE}, 'y': 1}", {"x": {"k": "infinity"}, "y": 1}),
    ],
)
def test_sql_days_beyond_the_calendar_are_text(cleancopy, value, shown):
    assert cleancopy("sql", f"SELECT {value} AS v", "--json").json == [{"v": shown}]
    assert cleancopy("sql", f"SELECT {value} AS v").status == 0


def test_pages_cannot_command_the_terminal(cleancopy):
    shown = cleancopy("sql", "SELECT chr(27) || '[31mred' || chr(10) || chr(155) || chr(8238) AS bad").out
    assert "\\x1b[31mred \\x9b\\u202e" in shown
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


def test_diff_names_documents_that_changed(cleancopy):
    rows = cleancopy("diff", "1", "3", "--json").json
    assert [(r["op"], r["causes"], r["identity"]) for r in rows] == [
        ("withdraw", ["absent"], "file:gone.html"),
        ("change", ["page"], "file:news.html"),
    ]
    assert (rows[1]["words_added"], rows[1]["words_removed"], rows[1]["title"]) == (1, 1, "The talks")
    assert rows[0]["words_added"] == 0
    assert rows[0]["words_removed"] > 20
    assert [r["op"] for r in cleancopy("diff", "1", "2", "--json").json] == ["change"]
    assert cleancopy("diff", "2", "2", "--json").json == []
    same = cleancopy("diff", "2", "2")
    assert (same.out, same.err) == ("", "nothing differs\n")
    assert "file:news.html" in cleancopy("diff", "1", "3").out


def test_diff_of_one_document_is_word_by_word(cleancopy):
    shown = cleancopy("diff", "1", "2", "news.html").out
    assert "Both sides spoke of [-progress-][+failure+]." in shown
    rows = cleancopy("diff", "1", "2", "news.html", "--json").json
    assert {row["field"] for row in rows} == {"text"}
    old = "".join(row["text"] for row in rows if row["op"] != "added")
    new = "".join(row["text"] for row in rows if row["op"] != "removed")
    assert old == cleancopy("show", "news.html", "--at", "1", "--json").json["text"]
    assert new == cleancopy("show", "news.html", "--json").json["text"]


def test_diff_of_a_document_that_is_the_same_or_withdrawn(cleancopy):
    assert cleancopy("diff", "1", "3", "sub/road.txt", "--json").json == []
    assert "nothing differs" in cleancopy("diff", "1", "3", "sub/road.txt").err
    rows = cleancopy("diff", "2", "3", "gone.html", "--json").json
    assert {row["op"] for row in rows} == {"removed"}
    assert {row["field"] for row in rows} > {"text", "title"}


def test_diff_wants_the_earlier_version_first(cleancopy):
    ran = cleancopy("diff", "3", "1")
    assert ran.status == 2
    assert "cleancopy diff 1 3" in ran.err


def test_a_restored_document_is_a_net_change(own_archive, ingest, cleancopy, page, tmp_path):
    pages = tmp_path / "back"
    pages.mkdir()
    (pages / "gone.html").write_text(page("The visit", "The minister left early."), "utf-8")
    ingest(own_archive, pages)
    assert [r["op"] for r in cleancopy("diff", "3", "4", "--json", on=own_archive).json] == ["restore"]
    assert cleancopy("diff", "2", "4", "--json", on=own_archive).json == []


def test_changes_are_a_feed(cleancopy):
    rows = cleancopy("changes", "--since", "1", "--json").json
    assert [(r["version"], r["identity"], r["op"], r["cause"]) for r in rows] == [
        (2, "file:news.html", "change", "page"),
        (3, "file:gone.html", "withdraw", "absent"),
    ]
    before = cleancopy("show", "news.html", "--at", "1", "--json").json
    assert rows[0]["old_text_sha256"] == before["text_sha256"]
    assert rows[0]["text_sha256"] == cleancopy("show", "news.html", "--json").json["text_sha256"]
    assert rows[1]["text_sha256"] is None
    assert rows[1]["old_text_sha256"] is not None
    assert cleancopy("changes", "--since", "3", "--json").json == []
    none = cleancopy("changes", "--since", "3")
    assert (none.status, none.out, none.err) == (0, "", "nothing changed after version 3\n")
    assert len(cleancopy("changes", "--since", "0", "--json").json) == 7


@pytest.mark.parametrize("since", ["2001-01-01", "2001-01-01 12:00:00 UTC"])
def test_changes_since_a_time_before_the_archive_are_all(cleancopy, since):
    assert cleancopy("changes", "--since", since, "--json").json == cleancopy("changes", "--since", "0", "--json").json


@pytest.mark.parametrize("since", ["9", "deadbeef", "2001-13-01", "yesterday"])
def test_changes_since_what_is_no_version_is_wrong_usage(cleancopy, since):
    assert cleancopy("changes", "--since", since).status == 2


def test_whoever_follows_the_feed_ends_with_the_documents(own_archive, ingest, cleancopy, page, tmp_path):
    row = {
        "url": "https://example.org/a?x=1",
        "html": page("The row", "It snowed."),
        "captured_at": "2019-01-01T00:00:00Z",
    }
    (tmp_path / "old.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    ingest(own_archive, tmp_path / "old.jsonl")
    followed = {}
    for change in cleancopy("changes", "--since", "0", "--json", on=own_archive).json:
        if change["current"]:
            followed[change["identity"]] = change["text_sha256"]
    documents = cleancopy("sql", "SELECT identity, text_sha256 FROM documents", "--json", on=own_archive).json
    assert {k: v for k, v in followed.items() if v} == {d["identity"]: d["text_sha256"] for d in documents}


def test_changes_as_parquet(cleancopy, tmp_path):
    file = tmp_path / "feed.parquet"
    assert cleancopy("changes", "--since", "0", "--parquet", str(file)).status == 0
    table = pq.read_table(file)
    assert table.num_rows == 7
    assert all(field.metadata[b"description"] for field in table.schema)
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "no" / "feed", file / "feed", tmp_path / "folder"):
        ran = cleancopy("changes", "--since", "0", "--parquet", str(place))
        assert ran.status == 2
        assert f"{place} cannot be written: " in ran.err
        assert ".tmp" not in ran.err
    assert sorted(tmp_path.iterdir()) == [file, tmp_path / "folder"]


def test_changes_are_not_written_into_the_archive(own_archive, cleancopy, tmp_path):
    root = own_archive.folder.root
    (tmp_path / "link").symlink_to(root / "editions", target_is_directory=True)
    (root / "editions").mkdir(exist_ok=True)
    for place in (root / "feed.parquet", root / "revisions" / "feed.parquet", tmp_path / "link" / "feed.parquet"):
        ran = cleancopy("changes", "--since", "0", "--parquet", str(place), on=own_archive)
        assert ran.status == 2
        assert "lies in the archive" in ran.err
    assert list(audit(root)) == []


def test_damage_is_told_as_that_and_leaves_no_file(own_archive, cleancopy, tmp_path):
    own_archive.table("revisions").files()[0].unlink()
    ran = cleancopy("changes", "--since", "0", "--parquet", str(tmp_path / "feed.parquet"), on=own_archive)
    assert ran.status == 3
    assert "cleancopy verify" in ran.err
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_export_makes_an_edition_and_never_a_second_of_its_name(own_archive, cleancopy):
    ran = cleancopy("export", "autumn", "--at", "1", "--json", on=own_archive)
    assert (ran.json["documents"], ran.json["version"]) == (5, 1)
    assert own_archive.folder.exists("editions/autumn/datapackage.json")
    assert cleancopy("export", "autumn", on=own_archive).status == 2
    assert cleancopy("export", "../autumn", on=own_archive).status == 2
    assert list(audit(own_archive.folder.root)) == []
