"""When sources run: cron in its time zone, and `every` counted from a fixed day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.due import last_due, next_due
from schemas.source import Source

MOMENTS = st.integers(1_610_000_000, 2_050_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SOURCES = st.one_of(
    st.builds(
        lambda hour, zone: Source(urls="https://example.org/", cron=f"30 {hour} * * *", timezone=zone),
        st.integers(0, 23),
        st.sampled_from(["UTC", "Asia/Yerevan", "Europe/Berlin", "America/New_York"]),
    ),
    st.builds(
        lambda minutes: Source(urls="https://example.org/", every=timedelta(minutes=minutes)), st.integers(1, 10_000)
    ),
)


@given(SOURCES, MOMENTS)
def test_what_is_due_next_lies_ahead_and_what_was_due_last_does_not(source, now):
    before, after = last_due(source, now), next_due(source, now)
    assert before <= now < after
    assert next_due(source, before) == after


def test_a_source_without_a_time_is_never_due():
    source = Source(urls="https://example.org/")
    assert (last_due(source, datetime.now(UTC)), next_due(source, datetime.now(UTC))) == (None, None)


def test_a_night_follows_the_clock_of_its_time_zone():
    source = Source(urls="https://example.org/", cron="30 3 * * *", timezone="Europe/Berlin")
    assert next_due(source, datetime(2026, 7, 1, tzinfo=UTC)).hour == 1
    assert next_due(source, datetime(2026, 12, 1, tzinfo=UTC)).hour == 2


@pytest.mark.parametrize("settings", [{"cron": "61 3 * * *"}, {"cron": "at night"}, {"every": "PT0S"}, {"every": -60}])
def test_what_is_no_time_is_refused(settings):
    with pytest.raises(ValueError, match=r"cron|every"):
        Source(urls="https://example.org/", **settings)
