"""Heads as they go into the archive, and what retries and validators make of a host's words."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.exchanges import field, parted
from flows.fetch.budget import Budget
from flows.fetch.heads import request_head, response_head
from flows.fetch.retry import Backoff, retry_after
from flows.fetch.turns import LONGEST_HOLD

NOW = datetime(2020, 11, 10, tzinfo=UTC)
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12).map(str.encode)
FIELDS = st.lists(st.tuples(NAMES, st.binary(max_size=30)), max_size=12)


@given(FIELDS, st.integers(100, 599), st.binary(max_size=100))
def test_a_head_and_its_payload_come_apart_where_they_were_put_together(fields, status, payload):
    head = response_head(b"HTTP/1.1", status, b"", fields)
    assert parted(head + payload) == (head, payload)
    assert len(head.split(b"\r\n")) == len(fields) + 3


@given(FIELDS)
def test_fields_are_found_again_whatever_stands_in_the_others(fields):
    fields = [(name, value) for name, value in fields if name.lower() not in {b"etag", b"transfer-encoding"}]
    head = response_head(b"HTTP/2", 200, b"", [*fields[:3], (b"eTag", b'"1"'), *fields[3:]])
    assert field(head, "ETag") == '"1"'
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert request_head(b"/", fields).count(b"\r\n") == len(fields) + 2


@given(st.text(max_size=40))
def test_retry_after_is_never_more_than_a_day_whatever_stands_there(text):
    pause = retry_after(text, NOW)
    assert pause is None or 0 <= pause <= LONGEST_HOLD


def test_retry_after_is_a_number_or_a_date():
    assert retry_after("120", NOW) == 120
    assert retry_after("Tue, 10 Nov 2020 00:02:00 GMT", NOW) == 120
    assert retry_after("Mon, 09 Nov 2020 00:02:00 GMT", NOW) == 0
    assert retry_after("9" * 400, NOW) == LONGEST_HOLD
    assert retry_after("soon", NOW) is retry_after(None, NOW) is None


@given(st.integers(0, 1000), st.floats(0.001, 10), st.floats(10, 1000))
def test_pauses_grow_to_a_limit_and_half_of_each_is_chance(attempt, first, most):
    whole = min(most, first * 2.0 ** min(attempt, 30))
    assert whole / 2 <= Backoff(first, most).pause(attempt) <= whole


def test_the_time_spent_on_a_host_counts_once_where_requests_overlap():
    now = NOW
    budget = Budget(1000, 100, lambda: (now - NOW) / timedelta(seconds=1))
    with budget.spending("a.example"):
        now += timedelta(seconds=10)
        with budget.spending("a.example"):
            now += timedelta(seconds=10)
            assert budget.left("a.example") == 80
        now += timedelta(seconds=5)
    now += timedelta(seconds=500)
    assert (budget.left("a.example"), budget.left("b.example")) == (75, 100)
    now += timedelta(seconds=400)
    assert budget.left("b.example") == 75
