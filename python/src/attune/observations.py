"""The observation rings of the core and the payload rings beside them.

A ring has one writer and any number of readers, who do not slow it. Head of an observation ring: 0 u64
records ever published, 64 u64 records ever claimed (stored before slots are overwritten), 128 u64 capacity;
the records follow at 256. A payload ring has the same head with bytes for records.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from attune import checksum, layout
from attune.layout import SectionKind
from attune.names import CoreNames, Names
from attune.segment import Section, Segment

Records = NDArray[np.void]

#: Words of a ring's head.
_PUBLISHED: Final = 0
_CLAIMED: Final = 8

#: More records than any ring will see.
_IMPOSSIBLE: Final = 1 << 62

#: How often a record that does not check out is looked at again before it counts as lost: a processor with
#: weak ordering may show `published` before the bytes.
_LOOKS: Final = 3


class _Pair(NamedTuple):
    records: Records
    lost: int


class Batch(_Pair):
    """Consecutive records of one loop, in place, and how many were lost before them."""

    #: The number of records that the ring had before the first one of these.
    first: int
    _ring: ObservationRing | None

    def __new__(
        cls, records: Records, lost: int, ring: ObservationRing | None = None, first: int = 0
    ) -> Batch:
        self = super().__new__(cls, records, lost)
        self._ring = ring
        self.first = first
        return self

    @property
    def names(self) -> Names:
        """The texts of the ids in these records, also when the core that wrote them runs no more.

        They stay mapped as long as they or the records are in use.
        """
        core = CoreNames([]) if self._ring is None else self._ring.names
        return Names(lambda: core)

    def copy(self) -> Records:
        """The records, copied, without those that were overwritten before the copy was made.

        The first ones of a batch go first. What is left is whole, and what it was when it was delivered.
        """
        copied = self.records.copy()
        if self._ring is None:
            return copied
        gone = min(max(0, self._ring.oldest - self.first), len(copied))
        first = self.first + gone
        rest = copied[gone:]
        intact = _intact(rest.view(np.uint64).reshape(len(rest), layout.RECORD_BYTES // 8), first)
        return rest if intact.all() else rest[intact]


def _intact(words: NDArray[np.uint64], start: int) -> NDArray[np.bool_]:
    """Which records are whole and are those of the indexes from `start` on."""
    indexes = np.arange(start + 1, start + len(words) + 1, dtype=np.uint64)
    intact: NDArray[np.bool_] = checksum.records_valid(words) & (words[:, 0] == indexes)
    return intact


class Payload(bytes):
    """The captured bytes of a call: its params, directly followed by its result."""

    params: bytes
    result: bytes

    def __new__(cls, params: bytes, result: bytes) -> Payload:
        self = super().__new__(cls, params + result)
        self.params = params
        self.result = result
        return self


class ObservationRing:
    """One loop's ring of records, and its payloads."""

    def __init__(
        self, segment: Segment, section: Section, payloads: Section | None, names: CoreNames
    ) -> None:
        self.loop = section.index
        self.names = names
        self.capacity = section.capacity
        self.generation = segment.generation
        self._head = segment.words(section)
        self.records: Records = np.frombuffer(
            segment.mapping,
            dtype=layout.RECORD,
            count=section.capacity,
            offset=section.offset + layout.RING_HEAD_BYTES,
        )
        self._words: NDArray[np.uint64] = np.frombuffer(
            segment.mapping,
            dtype=np.uint64,
            count=section.capacity * (layout.RECORD_BYTES // 8),
            offset=section.offset + layout.RING_HEAD_BYTES,
        ).reshape(section.capacity, layout.RECORD_BYTES // 8)
        self._payloads = None if payloads is None else PayloadRing(segment, payloads)

    @property
    def published(self) -> int:
        """How many records were ever published; 0 when the number cannot be one."""
        published: int = self._head[_PUBLISHED]
        return published if published < _IMPOSSIBLE else 0

    @property
    def claimed(self) -> int:
        """How many slots the writer may have begun to write, ever; at least `published`."""
        published = self.published
        return min(max(self._head[_CLAIMED], published), published + self.capacity)

    @property
    def oldest(self) -> int:
        """The index of the oldest record that is not overwritten."""
        return max(0, self.claimed - self.capacity)

    def slice(self, start: int, stop: int) -> Records:
        """Records in place; the range must not cross the ring's end."""
        first = start % self.capacity
        return self.records[first : first + stop - start]

    def intact(self, start: int, stop: int) -> NDArray[np.bool_]:
        """Which records of a range are whole and are those of these indexes."""
        first = start % self.capacity
        return _intact(self._words[first : first + stop - start], start)

    def holds(self, address: int) -> bool:
        """Whether a record at this address lies in the ring."""
        start = int(self.records.__array_interface__["data"][0])
        return start <= address < start + self.records.nbytes

    def payload(self, position: int, params: int, result: int) -> Payload | None:
        """The bytes at a position of the payload stream; None when they are gone or cannot be there."""
        return None if self._payloads is None else self._payloads.read(position, params, result)


class PayloadRing:
    """One loop's stream of captured bytes, of which the last `capacity` are there."""

    def __init__(self, segment: Segment, section: Section) -> None:
        self.capacity = section.capacity
        self._head = segment.words(section)
        start = section.offset + layout.RING_HEAD_BYTES
        self._bytes = segment.buffer[start : start + section.capacity]

    def read(self, position: int, params: int, result: int) -> Payload | None:
        """Copies a payload and then checks that nobody wrote over it meanwhile."""
        size = params + result
        first = position % self.capacity
        if size == 0 or size > self.capacity // 8 or position % 8:
            return None
        if first + size > self.capacity or position + size > self._head[_PUBLISHED]:
            return None
        if not self._holds(position):
            return None
        found = bytes(self._bytes[first : first + size])
        return Payload(found[:params], found[params:]) if self._holds(position) else None

    def _holds(self, position: int) -> bool:
        return max(self._head[_CLAIMED], self._head[_PUBLISHED]) - position <= self.capacity


def rings(segment: Segment, names: CoreNames) -> list[ObservationRing]:
    """The rings of a core's segment, by loop."""
    payloads = {section.index: section for section in segment.sections(SectionKind.PAYLOADS)}
    return [
        ObservationRing(segment, section, payloads.get(section.index), names)
        for section in segment.sections(SectionKind.OBSERVATIONS)
    ]


class RingReader:
    """A place in one ring: what was delivered and what was lost add up to what was published."""

    def __init__(self, ring: ObservationRing, position: int) -> None:
        self.ring = ring
        self.position = position
        #: Records that were overwritten before they were delivered, and such as did not check out.
        self.lost = 0
        #: Delivered records that were overwritten while they were in use.
        self.overwritten = 0
        #: When the position last moved (CLOCK_MONOTONIC, nanoseconds).
        self.moved_ns = time.monotonic_ns()
        self._pending = 0

    def take(self, limit: int) -> Iterator[Batch]:
        """What there is now, at most `limit` records, in as few pieces as possible.

        A piece ends where the ring wraps and where a record does not check out, which then counts as lost.
        The position moves behind a piece when the next one is asked for, and then it is worked out how much
        of it was overwritten meanwhile.
        """
        ring = self.ring
        end = ring.published
        if end <= self.position:
            return
        oldest = min(ring.oldest, end)
        if oldest > self.position:
            self._lose(oldest - self.position)
        end = min(end, self.position + limit)
        while self.position < end:
            start = self.position
            stop = min(end, start - start % ring.capacity + ring.capacity)
            intact = ring.intact(start, stop)
            for _ in range(_LOOKS):
                if intact.all():
                    break
                intact = ring.intact(start, stop)
            yield from self._pieces(start, stop, intact)

    def _pieces(self, start: int, stop: int, intact: NDArray[np.bool_]) -> Iterator[Batch]:
        if intact.all():
            yield self._deliver(start, stop)
            self._used(start, stop)
            return
        edges = np.flatnonzero(np.diff(intact)) + 1
        bounds = [0, *edges.tolist(), stop - start]
        for low, high in zip(bounds, bounds[1:], strict=False):
            if intact[low]:
                yield self._deliver(start + low, start + high)
                self._used(start + low, start + high)
            else:
                self._lose(high - low)

    def _deliver(self, start: int, stop: int) -> Batch:
        lost, self._pending = self._pending, 0
        return Batch(self.ring.slice(start, stop), lost, self.ring, start)

    def _used(self, start: int, stop: int) -> None:
        self.overwritten += min(max(0, self.ring.oldest - start), stop - start)
        self.position = stop
        self.moved_ns = time.monotonic_ns()

    def _lose(self, count: int) -> None:
        self.lost += count
        self._pending += count
        self.position += count

    def take_losses(self) -> int:
        """Losses that no batch has told of yet."""
        lost, self._pending = self._pending, 0
        return lost
