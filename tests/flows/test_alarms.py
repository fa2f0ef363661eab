"""Alarms for a source that gives nothing or fails much more than before, and the report that shows them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from archive.versions import Version
from flows.alarms import alarms
from flows.batch import Failure
from flows.display import report
from flows.outcome import Outcome
from flows.source_history import Yield
from flows.tally import Tally

NOW = datetime(2026, 11, 29, tzinfo=UTC)
COUNTS = {"added": 3, "changed": 0, "revisions": 3, "verdict.not_modified": 4, "captures": 10}


def outcome(tally, *failures, **counts):
    counts = COUNTS | counts
    version = Version(7, NOW.isoformat(), "ingest", "ab" * 16, "", "common", "", {}, counts, "5e" * 32, "", 7, 0, ())
    return Outcome(version, (), (), failures, 61.0, (), (tally,))


def tally(problems=(), **verdicts):
    total = sum(verdicts.values())
    return Tally("news", "feed", total, total, verdicts=verdicts, problems=problems)


def earlier(*runs):
    return {"news": [Yield(6 - n, NOW - timedelta(days=n), Counter(run)) for n, run in enumerate(runs)]}


def kinds(*args):
    return [alarm.kind for alarm in alarms(*args)]


def test_a_source_that_gives_nothing_is_an_alarm_that_says_why():
    (alarm,) = alarms(outcome(tally(problems=("https://news.example/rss: 403",))), {})
    assert (alarm.kind, alarm.source) == ("empty", "news")
    assert "403" in alarm.message


def test_a_source_whose_pages_a_killed_run_had_captured_is_no_alarm():
    assert kinds(outcome(Tally("news", "feed", 5, 5)), {}) == []


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        ({"ok": 5, "error": 5}, {"ok": 20}, ["failing"]),
        ({"ok": 6, "error": 4}, {"ok": 20}, []),
        ({"ok": 5, "error": 5}, {"ok": 10, "error": 10}, []),
        ({"not_modified": 95, "timed_out": 5}, {"ok": 20}, []),
        ({"ok": 5, "consent_wall": 5}, {}, []),
    ],
    ids=["many fail", "too few to tell", "as before", "a small share", "no run before"],
)
def test_failing_much_more_than_before_is_an_alarm(now, before, found):
    assert kinds(outcome(tally(**now)), earlier(before) if before else {}) == found


def test_the_run_itself_is_not_what_it_is_compared_with():
    history = {"news": [Yield(7, NOW, Counter(error=5)), *earlier({"ok": 20})["news"]]}
    assert kinds(outcome(tally(error=5)), history) == ["failing"]


def test_a_report_has_version_seal_and_a_row_for_each_source():
    text = report(outcome(tally(ok=9, gone=1)), "news-archive")
    assert "version 7" in text
    assert "5e" * 32 in text
    assert "| source | kind | listed | taken | gone | ok |" in text
    assert "| news | feed | 10 | 10 | 1 | 9 |" in text
    assert "3 added, 4 not modified, 10 captures; 61 s" in text
    assert "cleancopy diff 6 7" in text
    assert "No document changed." in report(outcome(tally(), revisions=0), "news-archive")


def test_nothing_of_a_page_can_format_the_report():
    said = "<script>alert(1)</script> [x](https://evil.example) **now**\n# T"
    failure = Failure("https://news.example/a|b", "error", said)
    text = report(outcome(tally(error=1), failure), "news-archive")
    (line,) = [line for line in text.splitlines() if "evil" in line]
    assert line.startswith("- https://news.example/a\\|b")
    assert "<script>" not in text.replace("\\<", "")
    assert "](" not in text.replace("\\]", "")
    assert "\n# T" not in text
