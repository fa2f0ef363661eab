"""Turns at a host: the delay between two starts, and the slots, whoever asks and in whatever order."""

import asyncio
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.turns import LONGEST_HOLD, Turns

HOSTS = ("a.example", "b.example")
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(HOSTS), st.floats(0, 3), st.sampled_from(["start", "sent", "wait"])),
    max_size=60,
)


class Clock:
    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(STEPS, st.floats(0.01, 5))
def test_no_two_starts_at_a_host_are_closer_than_the_delay_in_any_interleaving(steps, delay):
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        processes = [Turns(Path(folder), clock) for _ in range(3)]
        starts = {host: [] for host in HOSTS}
        for process, host, later, what in steps:
            clock.now += later
            if what == "start" and processes[process].start(host, delay) == 0:
                starts[host].append(clock.now)
            elif what == "sent" and starts[host]:
                processes[process].sent(host)
    for times in starts.values():
        assert all(after - before >= delay * (1 - 1e-9) for before, after in itertools.pairwise(times))


@given(STEPS, st.floats(0.01, 5))
def test_whoever_waits_as_long_as_it_is_told_gets_the_turn(steps, delay):
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        turns = Turns(Path(folder), clock)
        for _, host, later, _ in steps:
            clock.now += later
            wait = turns.start(host, delay)
            assert wait <= delay + 1e-6
            clock.now += wait + 1e-6
            assert wait == 0 or turns.start(host, delay) == 0


def test_a_host_that_wants_to_be_left_alone_is_left_alone_by_all(tmp_path):
    clock = Clock()
    one, other = Turns(tmp_path, clock), Turns(tmp_path, clock)
    one.hold("a.example", 60)
    one.hold("a.example", 5)
    assert (other.wait("a.example", 1), other.wait("b.example", 1)) == (60, 0)
    one.hold("a.example", 1e12)
    assert other.wait("a.example", 1) == LONGEST_HOLD


def test_a_clock_that_was_set_back_keeps_nobody_waiting(tmp_path):
    clock = Clock()
    turns = Turns(tmp_path, clock)
    assert turns.start("a.example", 1) == 0
    clock.now -= 3600
    assert turns.wait("a.example", 1) == 1


def test_a_damaged_file_of_turns_counts_for_nothing(tmp_path):
    turns = Turns(tmp_path, Clock())
    turns.start("a.example", 1)
    (file,) = tmp_path.iterdir()
    for content in (b"", b"short", b"\xff" * 16, b"\x7f\xf0" * 8):
        file.write_bytes(content)
        assert turns.wait("a.example", 1) <= LONGEST_HOLD


def test_no_more_requests_to_a_host_than_it_has_slots(tmp_path):
    running, most = 0, 0

    async def request(turns: Turns) -> None:
        nonlocal running, most
        async with turns.slot("a.example", 2):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    async def all_of_them() -> None:
        processes = [Turns(tmp_path), Turns(tmp_path), Turns(tmp_path)]
        await asyncio.gather(*(request(processes[number % 3]) for number in range(12)))

    asyncio.run(all_of_them())
    assert most == 2


def test_a_killed_process_leaves_no_slot_taken(tmp_path):
    script = (
        "import asyncio, os, sys; from pathlib import Path; from flows.fetch.turns import Turns\n"
        "async def hold():\n"
        "    async with Turns(Path(sys.argv[1])).slot('a.example', 1): os.kill(os.getpid(), 9)\n"
        "asyncio.run(hold())"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == -9

    async def take() -> bool:
        async with asyncio.timeout(30), Turns(tmp_path).slot("a.example", 1):
            return True

    assert asyncio.run(take())
