"""Windows in whole UTC days, whatever clocks on walls do."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from costkit.model.window import DAY, HALF_HOUR, Window

AT = datetime(2026, 11, 24, 19, 10, tzinfo=UTC).timestamp()


def test_a_window_begins_at_a_midnight_and_ends_at_the_last_full_half_hour():
    window = Window.back_from(AT, 14)
    assert datetime.fromtimestamp(window.start, UTC) == datetime(2026, 11, 10, tzinfo=UTC)
    assert datetime.fromtimestamp(window.end, UTC) == datetime(2026, 11, 24, 19, 0, tzinfo=UTC)


def test_a_window_back_from_midnight_has_exactly_its_days():
    window = Window.back_from(datetime(2026, 11, 24, tzinfo=UTC).timestamp(), 7)
    assert (window.days, window.hours) == (7, 168)
    assert len(list(window.midnights())) == 7


def test_a_day_on_which_clocks_change_is_as_long_as_any_other():
    # New York ends summer time on 2026-11-01, Berlin on 2026-10-25
    window = Window.back_from(datetime(2026, 11, 3, tzinfo=UTC).timestamp(), 14)
    midnights = list(window.midnights())
    assert {b - a for a, b in pairwise(midnights)} == {DAY}
    assert all(datetime.fromtimestamp(m, UTC).hour == 0 for m in midnights)


@given(st.floats(1.7e9, 1.9e9), st.floats(0.1, 90))
def test_the_days_of_a_window_are_it_whole_and_do_not_overlap(at, days):
    window = Window.back_from(at, days)
    parts = [window.within(midnight) for midnight in window.midnights()]
    assert sum(part.end - part.start for part in parts) == window.end - window.start
    assert parts[0].start == window.start
    assert parts[-1].end == window.end
    assert window.end % HALF_HOUR == 0
    assert days - HALF_HOUR / DAY <= window.days < days + 1


def test_the_last_day_is_cut_where_the_window_ends():
    window = Window.back_from(AT, 2)
    last = list(window.midnights())[-1]
    assert window.within(last) == Window(last, window.end)
