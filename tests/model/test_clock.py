from costkit.model.clock import Clock
from costkit.model.usage import empty, frame
from costkit.model.window import DAY, HALF_HOUR, Window

MIDNIGHT = 1_763_596_800.0
WINDOW = Window(MIDNIGHT, MIDNIGHT + 2 * DAY + 6 * 3600)


def clock(*seen, window=WINDOW):
    """`seen`: pairs of day and half hours (bits), one a node."""
    rows = [{"day": MIDNIGHT + day * DAY, "name": f"n{i}", "half_hours": bits} for i, (day, bits) in enumerate(seen)]
    return Clock.of(frame("nodes", rows), window)


def test_a_half_hour_counts_once_however_many_nodes_are_seen_in_it():
    assert clock((0, 0b0111), (0, 0b1110), (1, 0b1)).hours == 2.5


def test_half_hours_outside_the_window_do_not_count():
    assert clock((2, (1 << 48) - 1), (9, 0b1), (-1, 0b1)).hours == 6.0


def test_without_history_every_hour_counts():
    unseen = Clock.of(empty("nodes"), WINDOW)
    assert (unseen.hours, set(unseen.shares.values())) == (0.0, {1.0})
    assert unseen.hours_between(0, WINDOW.end) == WINDOW.hours


def test_a_days_share_is_of_the_windows_part_of_it():
    found = clock((0, (1 << 12) - 1), (2, (1 << 6) - 1))
    assert list(found.shares.values()) == [0.25, 0.0, 0.5]


def test_a_span_has_each_days_share_of_its_hours():
    found = clock((0, (1 << 24) - 1), (1, (1 << 48) - 1))
    assert found.hours_between(MIDNIGHT + DAY - 2 * 3600, MIDNIGHT + DAY + HALF_HOUR) == 1.5
    assert found.hours_between(WINDOW.end + 1, WINDOW.end) == 0.0
