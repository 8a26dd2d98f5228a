"""How many records a second one Python thread reads out of a ring, in place.

usage: scan.py [RECORDS] [ROUNDS]

A ring of RECORDS (a power of two, 2^20 by default) is filled, and read again and again through
`region.ring_buffer.observations()`, which checks every record before it delivers it; contenders take turns.
"""

from __future__ import annotations

import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "tests")]

import attune  # noqa: E402
from attune import checksum, layout  # noqa: E402
from writer import Core  # noqa: E402


def filled(path: Path, count: int) -> Core:
    """A core whose ring is full of different records."""
    core = Core(path, records=count, payload=4096)
    place = core.places[1, 0]
    ring = np.frombuffer(core.map, dtype=layout.RECORD, count=count, offset=place + 256)
    random = np.random.default_rng(1)
    ring["sequence"] = np.arange(1, count + 1)
    ring["call_id"] = random.integers(0, 2**63, count)
    ring["server"] = random.integers(1, 9, count)
    ring["tool"] = random.integers(1, 65, count)
    ring["duration_us"] = random.lognormal(9, 1, count)
    ring["outcome"] = random.integers(0, 20, count) == 0
    words = ring.view(np.uint64).reshape(count, 16)
    ring["checksum"] = checksum.record_checksums(words)
    struct.pack_into("<Q", core.map, place + 64, count)
    struct.pack_into("<Q", core.map, place, count)
    core.live()
    return core


def batches(region: attune.Region, use: Callable[[attune.Batch], object]) -> int:
    seen = 0
    for batch in region.ring_buffer.observations(start="oldest", timeout=0):
        use(batch)
        seen += len(batch.records)
    return seen


def raw(region: attune.Region) -> int:
    """The field alone, without any check: what the memory allows."""
    records = region._link.attachment.rings[0].records
    total = 0
    for first in range(0, len(records), 16384):
        total += int(records[first : first + 16384]["duration_us"].sum(dtype=np.uint64))
    return len(records)


def by_tool(batch: attune.Batch) -> object:
    return np.bincount(batch.records["tool"], weights=batch.records["duration_us"], minlength=65)


CONTENDERS: dict[str, Callable[[attune.Region], int]] = {
    "delivered, nothing computed": lambda r: batches(r, lambda b: None),
    "delivered, one field summed": lambda r: batches(r, lambda b: int(b.records["duration_us"].sum())),
    "delivered, mean duration by tool": lambda r: batches(r, by_tool),
    "one field summed, no check": raw,
}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1 << 20
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        Path(place).chmod(0o700)
        core = filled(Path(place) / "core.segment", count)
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        with attune.Region.attach(place) as region:
            for _ in range(rounds):
                for name, contender in CONTENDERS.items():
                    begin = time.thread_time()
                    seen = contender(region)
                    times[name].append(time.thread_time() - begin)
                    if seen != core.published[0] and seen != count:
                        raise SystemExit(f"{name}: {seen} of {count} records came")
    print(f"{count} records of 128 bytes, {rounds} rounds, NumPy {np.__version__}")
    for name, taken in times.items():
        best, middle = (count / t / 1e6 for t in (min(taken), statistics.median(taken)))
        print(f"{name:34}  best {best:7.1f} M/s  median {middle:7.1f} M/s")


if __name__ == "__main__":
    main()
