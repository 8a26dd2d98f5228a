"""What happens when any of the processes is killed at any instant, again and again."""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import attune
from attune import segment
from attune.commands import CommandReader
from attune.layout import SectionKind
from writer import Core, Table

#: More with `make soak`.
ROUNDS = int(os.environ.get("ATTUNE_KILL_ROUNDS", "24"))

_READER = """
import sys
import attune
region = attune.Region.attach(sys.argv[1])
print("attached", flush=True)
n = 0
for records, lost in region.ring_buffer.observations(start="oldest"):
    n += 1
    region.message_queue.put({"n": n}) if n % 50 == 1 else None
    int(records["duration_us"].sum())
    region.payload(records[-1]) if len(records) else None
"""


def test_killed_cores_are_followed_and_nothing_torn_is_delivered(
    directory: Path, other_core: Callable[..., subprocess.Popen[str]]
) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    choose = random.Random(seed)
    process = other_core(0, 1024)
    generations = set()
    with attune.Region.attach(directory) as region:
        for _ in range(ROUNDS):
            until = time.monotonic() + choose.random() * 0.05
            stream = region.ring_buffer.observations(timeout=20)
            delivered = 0
            for batch in stream:
                whole = batch.copy()
                # Whatever is whole is what the writer wrote for its sequence number.
                sequences = whole["sequence"].astype(np.int64)
                assert (whole["call_id"] == (sequences - 1) * 7 + 1).all()
                assert (whole["tool"] == 2 + (sequences - 1) % 3).all()
                delivered += len(batch.records)
                if time.monotonic() > until:
                    break
            assert delivered > 0
            process.kill()
            process.wait()
            generations.add(region.generation)
            # What a killed core left can still be read to its end.
            assert region.valid(region._link.attachment.rings[0].records[:1]).shape == (1,)
            process = other_core(0, 1024)
            while region.generation in generations:
                time.sleep(0.005)
        # Of all those cores only the latest few are still mapped, each with a descriptor.
        gc.collect()
        assert Path("/proc/self/maps").read_text().count("/core.segment") <= 5
    assert len(generations) == ROUNDS


def test_killed_readers_disturb_nobody_and_leave_no_place_taken(
    directory: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    choose = random.Random(5)
    core = Core(directory / "core.segment", records=256).live()
    assert isinstance(core, Core)
    core.append(10)
    for _ in range(ROUNDS):
        reader = spawn("-c", _READER, str(directory))
        assert reader.stdout is not None
        assert reader.stdout.readline().strip() == "attached"
        until = time.monotonic() + choose.random() * 0.05
        while time.monotonic() < until:
            core.append(5)
        reader.kill()
        reader.wait()
        for path in directory.glob("worker-*.segment"):
            found = segment.Segment.open(path)
            for lane in found.sections(SectionKind.COMMANDS):
                messages = CommandReader(found, lane, from_start=True)
                while (message := messages.take()) is not None:
                    assert message.json()["n"] % 50 == 1
                assert messages.lost == 0
    assert len(list(directory.glob("worker-*.segment"))) <= 2
    with attune.Region.attach(directory) as region:
        region.message_queue.put({})
        core.append(1)
        assert sum(len(b.records) for b in region.ring_buffer.observations(timeout=0)) == 1


def test_a_stopped_reader_finds_out_exactly_what_it_missed(
    directory: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    program = """
import sys
import attune
region = attune.Region.attach(sys.argv[1])
print("attached", flush=True)
delivered = lost = 0
for batch in region.ring_buffer.observations():
    delivered += len(batch.records)
    lost += batch.lost
    if delivered + lost >= int(sys.argv[2]):
        break
print(delivered, lost, flush=True)
"""
    core = Core(directory / "core.segment", records=64).live()
    assert isinstance(core, Core)
    reader = spawn("-c", program, str(directory), "5000")
    assert reader.stdout is not None
    reader.stdout.readline()
    core.append(10)
    reader.send_signal(signal.SIGSTOP)
    while Path(f"/proc/{reader.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.001)
    for _ in range(499):
        core.append(10)
    reader.send_signal(signal.SIGCONT)
    delivered, lost = map(int, reader.stdout.readline().split())
    assert delivered + lost == 5000
    assert 64 <= delivered <= 74


def test_a_core_that_retires_and_comes_back_is_followed(core: Core, directory: Path) -> None:
    with attune.Region.attach(directory) as region:
        core.append(3)
        stream = region.ring_buffer.observations(timeout=20)
        assert len(next(stream).records) == 3
        old = next(iter(region.ring_buffer.observations(timeout=0))).records
        core.append(2)
        core.retire()
        assert not region.attached
        again = Core(directory / "core.segment", table=65536)
        again.live()
        again.call(b"params", b"result")
        counts = [len(next(stream).records), len(next(stream).records)]
        assert counts == [2, 1]
        assert region.generation == again.generation
        assert region.attached
        # Records of the core before are not taken for those of this one.
        assert region.payload(old[0]) is None


def test_a_core_that_came_and_went_between_two_batches_is_read_too(core: Core, directory: Path) -> None:
    with attune.Region.attach(directory) as region:
        stream = region.ring_buffer.observations(timeout=20)
        core.append(3)
        assert len(next(stream).records) == 3
        core.append(1)
        cores = [core]
        for count in (4, 1024 + 5, 6):
            again = Core(directory / "core.segment")
            again.append(count)
            again.live()
            cores.append(again)
            while region.generation != again.generation:
                time.sleep(0.005)
        told = [(len(records), lost) for records, lost in (next(stream) for _ in range(5))]
        assert told == [(1, 0), (4, 0), (1019, 5), (5, 0), (6, 0)]


def test_the_records_of_a_core_before_are_named_by_its_own_names(directory: Path) -> None:
    def named(text: str) -> Core:
        core = Core(directory / "core.segment", table=65536)
        Table(core).name(2, 2, text)
        core.append(1, tool=2)
        core.live()
        return core

    cores = [named("first")]
    with attune.Region.attach(directory) as region:
        stream = region.ring_buffer.observations(start="oldest", timeout=20)
        batches = [next(stream)]
        cores[0].append(1, tool=2)
        for text in ("second", "third"):
            cores.append(named(text))
            while region.generation != cores[-1].generation:
                time.sleep(0.005)
        batches += [next(stream) for _ in range(3)]
        ids = [int(batch.records["tool"][0]) for batch in batches]
        assert ids == [2, 2, 2, 2]
        assert [batch.names[2] for batch in batches] == ["first", "first", "second", "third"]
        assert region.names[2] == "third"
        assert not attune.Batch(batches[0].records, 0).names


def test_names_of_a_core_before_are_mapped_as_long_as_something_refers_to_them(directory: Path) -> None:
    def restarted(text: str) -> Core:
        core = Core(directory / "core.segment", table=65536)
        Table(core).name(2, 2, text)
        core.append(1)
        core.live()
        return core

    def mapped() -> set[int]:
        """The generations that this program has mapped for reading, found by their inodes."""
        gc.collect()
        lines = Path("/proc/self/maps").read_text().splitlines()
        nodes = {int(line.split()[4]) for line in lines if " r--s " in line and "/core.segment" in line}
        return {core.generation for core in cores if os.fstat(core.fd).st_ino in nodes}

    cores = [restarted("first")]
    with attune.Region.attach(directory) as region:
        names = next(iter(region.ring_buffer.observations(start="oldest", timeout=20))).names
        assert region.names[2] == "first"
        for number in range(4):
            cores.append(restarted(f"later-{number}"))
            while region.generation != cores[-1].generation:
                time.sleep(0.005)
        assert names[2] == "first"
        assert mapped() == {core.generation for core in [cores[0], *cores[2:]]}
        del names
        assert mapped() == {core.generation for core in cores[2:]}


def test_a_successor_that_cannot_be_read_does_not_end_the_attachment(core: Core, directory: Path) -> None:
    with attune.Region.attach(directory) as region:
        core.append(1)
        Core(directory / "core.segment", version=9).live()
        while region.fault is None:
            time.sleep(0.01)
        assert isinstance(region.fault, attune.UnsupportedLayout)
        assert len(list(region.ring_buffer.observations(timeout=0))) == 1
        third = Core(directory / "core.segment")
        third.live()
        while region.generation != third.generation:
            time.sleep(0.01)
        assert region.fault is None


def test_garbage_anywhere_in_a_live_region_ends_nothing(directory: Path) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    choose = random.Random(seed)
    core = Core(directory / "core.segment", records=64, payload=4096, table=32768).live()
    assert isinstance(core, Core)
    with attune.Region.attach(directory) as region:
        for _ in range(400):
            core.append(choose.randrange(8))
            for _ in range(choose.randrange(1, 12)):
                at = choose.randrange(4096, core.size)
                part = choose.randbytes(choose.choice([1, 8, 200]))[: core.size - at]
                core.map[at : at + len(part)] = part
            delivered = 0
            for batch in region.ring_buffer.observations(start="oldest", timeout=0, limit=32):
                delivered += len(batch.records)
                assert region.valid(batch.records).all()
                for record in batch.records[:3]:
                    region.payload(record)
            assert delivered <= 64
            region.names.get(2)
            list(region.names)
            region.state_cache.get("anything")
            len(region.statistics)
            region.message_queue.get(timeout=0)
