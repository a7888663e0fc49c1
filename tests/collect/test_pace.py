"""How many queries are in flight."""

from threading import Barrier, BrokenBarrierError, Thread

import pytest

from costkit.collect.pace import Load, Pace


def load(*seconds, samples=1_000):
    found = Load()
    for one in seconds:
        found.note("cpu", one, samples)
    return found


def test_a_server_as_fast_as_it_was_is_not_pressed():
    assert not load(*[0.1] * 40).is_high


def test_a_server_twice_as_slow_is_pressed_and_one_that_recovers_is_not():
    slow = load(*[0.1] * 3, *[0.25] * 20)
    assert slow.is_high
    for _ in range(20):
        slow.note("cpu", 0.1, 1_000)
    assert not slow.is_high


def test_one_slow_answer_is_no_reason():
    assert not load(*[0.1] * 10, 0.5).is_high


def test_more_samples_may_take_longer():
    found = load(*[0.1] * 5, samples=10_000)
    for _ in range(30):
        found.note("cpu", 1.0, 120_000)
    assert not found.is_high


class Clock:
    """Each turn takes what `spent` says."""

    def __init__(self):
        self.now, self.rests = 0.0, []

    def rest(self, seconds):
        self.rests.append(seconds)


def turns(pace, clock, seconds, times):
    for _ in range(times):
        with pace.turn("cpu") as answered:
            clock.now += seconds
            answered(1_000)


def test_while_the_server_is_slow_each_query_is_followed_by_a_rest_as_long():
    clock = Clock()
    pace = Pace(clock.rest, lambda: clock.now)
    turns(pace, clock, 0.1, 10)
    assert clock.rests == []
    turns(pace, clock, 0.4, 10)
    assert clock.rests == [pytest.approx(0.4)] * len(clock.rests) != []


def together(pace, wait=0.3):
    """Whether two turns are taken at once."""
    barrier, met = Barrier(2), []

    def take():
        with pace.turn("cpu") as answered:
            try:
                barrier.wait(wait)
                met.append(True)
            except BrokenBarrierError:
                met.append(False)
            answered(1_000)

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all(met)


def test_two_are_in_flight_and_one_while_the_server_is_slow():
    clock = Clock()
    pace = Pace(clock.rest, lambda: clock.now)
    assert together(pace)
    turns(pace, clock, 0.1, 5)
    turns(pace, clock, 0.4, 10)
    assert not together(pace)


def test_a_query_that_fails_gives_its_turn_back():
    pace = Pace()
    for _ in range(3):
        with pytest.raises(ValueError, match="refused"), pace.turn("cpu"):
            raise ValueError("refused")
    assert together(pace)
