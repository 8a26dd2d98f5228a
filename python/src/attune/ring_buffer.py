"""All loops' observation rings as one stream, over restarts of the core."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final, Literal

from attune import cursors
from attune.attachment import Attachment
from attune.link import Lease, Link
from attune.observations import Batch, RingReader

Start = Literal["attach", "now", "oldest"]

#: Records in one batch unless the caller says otherwise: 512 KB, which a core's own cache holds.
BATCH_RECORDS: Final = 4096
_SHORTEST_PAUSE: Final = 0.0001
_LONGEST_PAUSE: Final = 0.005
_CURSOR_INTERVAL: Final = 0.1
_stream_numbers = itertools.count(1)


class RingBuffer:
    """Every call that the gateway observes, as batches of records in place."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._link = lease.link
        self._overwritten = 0

    @property
    def overwritten(self) -> int:
        """Delivered records that were overwritten while the loop over `observations` used them.

        What was computed from such a batch may be wrong; `Batch.copy` leaves out what is overwritten.
        """
        return self._overwritten

    @property
    def published(self) -> dict[int, int]:
        """Records ever published, by loop, in this generation."""
        return {ring.loop: ring.published for ring in self._link.attachment.rings}

    @property
    def capacity(self) -> int:
        """Records that the rings hold together."""
        return sum(ring.capacity for ring in self._link.attachment.rings)

    def observations(
        self, *, start: Start = "attach", timeout: float | None = None, limit: int = BATCH_RECORDS
    ) -> Iterator[Batch]:
        """Yields `(records, lost)`: consecutive records of one loop in place, and how many were lost before
        them.

        The records delivered and the losses told add up to what was published since the start. `records`
        stays mapped, but its slots are used again when the ring comes round: use or copy it before asking for
        the next batch. A batch without records only tells of losses. When the core was restarted the rest of
        the old rings comes first, then the new ones from their beginning.

        :param start: "attach" begins where the rings were when the region was attached, "now" where they are,
            "oldest" with the oldest records there are.
        :param timeout: ends the iteration when nothing came for so many seconds; 0 takes what there is; None
            waits for ever.
        :param limit: the most records in a batch.
        """
        stream = _Stream(self, self._link, start, limit)
        try:
            pause = _SHORTEST_PAUSE
            idle_since = time.monotonic()
            while not self._link.closed:
                any_came = False
                for batch in stream.poll():
                    any_came = True
                    yield batch
                now = time.monotonic()
                if any_came:
                    idle_since, pause = time.monotonic(), _SHORTEST_PAUSE
                    continue
                if timeout is not None and now - idle_since >= timeout:
                    return
                self._link.wait(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        finally:
            stream.close()

    async def observations_async(
        self, *, start: Start = "attach", timeout: float | None = None, limit: int = BATCH_RECORDS
    ) -> AsyncIterator[Batch]:
        """`observations` for `async for`; other tasks run between the batches."""
        stream = _Stream(self, self._link, start, limit)
        try:
            pause = _SHORTEST_PAUSE
            idle_since = time.monotonic()
            while not self._link.closed:
                any_came = False
                for batch in stream.poll():
                    any_came = True
                    yield batch
                    await asyncio.sleep(0)
                now = time.monotonic()
                if any_came:
                    idle_since, pause = time.monotonic(), _SHORTEST_PAUSE
                    continue
                if timeout is not None and now - idle_since >= timeout:
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        finally:
            stream.close()


class _Stream:
    """One iteration: a place in each ring of the attachment that it reads."""

    def __init__(self, buffer: RingBuffer, link: Link, start: Start, limit: int) -> None:
        if limit < 1:
            raise ValueError("a batch has at least one record")
        self._buffer = buffer
        self._link = link
        self._limit = limit
        self._number = next(_stream_numbers)
        self._told = 0.0
        self._attachment = link.attachment
        begin = link.origin
        positions = begin.positions if begin.generation == self._attachment.generation else {}
        if start == "now":
            positions = {ring.loop: ring.published for ring in self._attachment.rings}
        elif start == "oldest":
            positions = {ring.loop: ring.oldest for ring in self._attachment.rings}
        self._readers = [RingReader(ring, positions.get(ring.loop, 0)) for ring in self._attachment.rings]

    def poll(self) -> Iterator[Batch]:
        """What there is now in all rings; follows the link when the core was restarted."""
        newer = self._link.after(self._attachment)
        yield from self._take(self._readers)
        for attachment in newer:
            # Nothing was published in the old rings after the new ones came: this is the rest.
            yield from self._drain()
            self._follow(attachment)
        self._tell()

    def _take(self, readers: list[RingReader]) -> Iterator[Batch]:
        for reader in readers:
            before = reader.overwritten
            yield from reader.take(self._limit)
            self._buffer._overwritten += reader.overwritten - before
            lost = reader.take_losses()
            if lost:
                yield Batch(reader.ring.records[:0], lost, reader.ring, reader.position)

    def _drain(self) -> Iterator[Batch]:
        # At most a ring's capacity each, in batches.
        for reader in self._readers:
            for _ in range(reader.ring.capacity // self._limit + 1):
                yield from self._take([reader])
                if reader.position >= reader.ring.published:
                    break

    def _follow(self, attachment: Attachment) -> None:
        same = attachment.generation == self._attachment.generation
        positions = {reader.ring.loop: reader.position for reader in self._readers} if same else {}
        self._attachment = attachment
        self._readers = [RingReader(ring, positions.get(ring.loop, 0)) for ring in attachment.rings]

    def _tell(self) -> None:
        """Writes how far this iteration is into the worker's cursors, a few times a second."""
        worker = self._link.worker
        now = time.monotonic()
        if worker is None or now - self._told < _CURSOR_INTERVAL or not worker.owned:
            return
        self._told = now
        with worker.lock:
            for reader in self._readers:
                cursor = cursors.Cursor(
                    cursors.OBSERVATIONS,
                    reader.ring.loop,
                    reader.ring.generation,
                    reader.position,
                    reader.lost,
                    reader.moved_ns,
                )
                worker.cursors.store(cursor, self._number)

    def close(self) -> None:
        """Frees the cursors."""
        worker = self._link.worker
        if worker is not None and worker.owned:
            with worker.lock:
                worker.cursors.remove(self._number)
