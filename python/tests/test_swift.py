"""The other language: what Swift programs write while this package reads it, and the other way round.

The programs are those of the gateway's own tests: `make build` builds them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import attune
from attune import cursors, segment
from attune.commands import CommandReader
from attune.cursors import CursorTable
from attune.layout import SectionKind
from writer import Core

PLACE = Path(os.environ.get("ATTUNE_FIXTURES", Path(__file__).resolve().parents[2] / ".build/debug"))

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a Swift program and waits for its first line."""
    running: list[subprocess.Popen[str]] = []

    def begin(name: str, *arguments: object) -> subprocess.Popen[str]:
        program = PLACE / name
        if not program.exists():
            pytest.skip(f"{program} is not built; run `make build`")
        process = subprocess.Popen(
            [program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().strip() in ("live", "reading")
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


PATTERN = bytes(i * 31 % 256 for i in range(2000))


def test_records_and_payloads_of_a_swift_core_are_whole_however_often_it_is_killed(
    directory: Path, start: Start
) -> None:
    process = start("RingFixture", "observe", directory)

    def check(records: np.ndarray) -> int:
        """How many of the last records still have their payloads."""
        found = 0
        for record in records[-20:]:
            payload = region.payload(record)
            if payload is not None:
                assert payload == PATTERN[int(record["duration_us"]) :]
                assert len(payload.params) == record["params_bytes"]
                found += 1
        return found

    payloads = 0
    with attune.Region.attach(directory) as region:
        for _ in range(8):
            generation = region.generation
            delivered = 0
            behind = None
            for batch in region.ring_buffer.observations(start="oldest", timeout=20):
                assert behind is None or batch.first == behind + batch.lost
                behind = batch.first + len(batch.records)
                delivered += len(batch.records)
                whole = batch.copy()
                assert (np.diff(whole["sequence"].astype(np.int64)) == 1).all()
                payloads += check(whole)
                if delivered > 20_000:
                    break
            # On a busy machine most are overwritten before they are read; not while the writer stands still.
            for _ in range(10):
                process.send_signal(signal.SIGSTOP)
                for batch in region.ring_buffer.observations(start="oldest", timeout=0):
                    payloads += check(batch.records)
                process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            process = start("RingFixture", "observe", directory)
            while region.generation == generation:
                time.sleep(0.01)
    assert payloads > 100


def test_a_swift_writer_waits_for_a_reader_in_python(directory: Path, start: Start) -> None:
    core = Core(directory / "core.segment").live()
    start("RingFixture", "command", directory)
    learner = segment.Segment.open(directory / "learner.segment")
    place = segment.Section(SectionKind.CURSORS, 0, core.places[5, 0], 4096, 64, 64)
    table = CursorTable(core.view, place)
    lanes = [CommandReader(learner, s, from_start=True) for s in learner.sections(SectionKind.COMMANDS)][:2]
    count = 0
    while count < 3000:
        for lane in lanes:
            for _ in range(5):
                message = lane.take()
                if message is None:
                    break
                assert message.kind == lane.lane + 1
                assert message.body == b"\x5a" * len(message.body)
                count += 1
            cursor = cursors.Cursor(
                cursors.COMMANDS, lane.lane, learner.generation, lane.position, 0, time.monotonic_ns()
            )
            table.store(cursor)
    assert [lane.lost for lane in lanes] == [0, 0]


def test_a_swift_reader_accounts_for_every_record_written_from_python(directory: Path, start: Start) -> None:
    core = Core(directory / "core.segment", records=256).live()
    assert isinstance(core, Core)
    reader = start("RingFixture", "read", directory)
    for _ in range(300):
        core.append(17)
    core.words[10] = 2
    assert reader.stdout is not None
    assert reader.stdout.readline().strip() == "has read"
    got, lost, damaged, position = map(int, reader.stdout.readline().split())
    assert position == 300 * 17
    assert got + lost == position
    assert damaged == 0


def sealed(number: int, length: int) -> bytes:
    """A value whose first eight bytes say what all others are (`SealedValue` of the Swift tests)."""
    mask = (1 << 64) - 1
    value = number.to_bytes(8, "little")
    state = (number ^ length) & mask
    while len(value) < length:
        state = (state + 0x9E3779B97F4A7C15) & mask
        word = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & mask
        value += (word ^ (word >> 31)).to_bytes(8, "little")
    return value[:length]


def test_values_of_a_swift_table_are_whole_while_two_threads_write_it(directory: Path, start: Start) -> None:
    start("TableFixture", directory, 2)
    found = 0
    with attune.Region.attach(directory) as region:
        cache = region.state_cache
        assert cache["first"] == sealed(1, 100)
        for _ in range(500):
            for number in range(300):
                value = cache.get(number if number % 3 == 0 else f"key {number}")
                # Numbers that leave 2 are counters.
                if value is None or number % 3 == 2:
                    continue
                assert value == sealed(int.from_bytes(value[:8], "little"), len(value))
                found += 1
            if found > 1000:
                break
        assert found > 1000
        assert "first" in list(cache)
