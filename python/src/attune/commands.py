"""Command rings: byte rings of frames from one process to another, which never overwrite what is not yet
read.

Head: 0 u64 bytes ever published, 64 u64 bytes that the writer knows to be read (in version 2 of the layout),
128 u64 capacity; the bytes follow at 256. A frame: 0 u32 length of the body, 4 u16 kind, 6 u16 zero, 8 u64
sequence (1, 2, ...), 16 u32 checksum of the body (the lower half of its XXH64), 20 u32 zero, 24 body, padded
to 8 bytes. One that would wrap is preceded by a filler frame (kind 0xffff) that reaches to the end of the
ring. The reader's position stands in the cursors of its own segment.
"""

from __future__ import annotations

import struct
import threading
from enum import IntEnum
from typing import Any, Final, NamedTuple

from attune import checksum, layout
from attune.errors import MessageTooLarge, QueueFull
from attune.segment import Section, Segment

FRAME_HEAD_BYTES: Final = 24
MAXIMUM_BODY_BYTES: Final = 65536
FILLER: Final = 0xFFFF
_FRAME: Final = struct.Struct("<IHHQII")


class MessageKind(IntEnum):
    """What the body of a frame is."""

    JSON = 1
    PREDICTION = 2
    STATE_WRITE = 3
    STATE_DELETE = 4
    PREFETCH = 16
    ADVICE_CHANGED = 17
    EXPERIMENT_CHANGED = 18


class Priority(IntEnum):
    """The lane of a message; the reader drains the first before the second before the third."""

    URGENT = 0
    NORMAL = 1
    BACKGROUND = 2


class Message(NamedTuple):
    """One frame that was read."""

    kind: int
    lane: int
    sequence: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        :raises ValueError: if it is none.
        """
        import json

        return json.loads(self.body)


def padded(size: int) -> int:
    """The size up to the next multiple of 8."""
    return (size + 7) & ~7


_one, _two = threading.Lock(), threading.Lock()


def fence() -> None:
    """Keeps stores before it from being seen after stores behind it.

    The release of one lock followed by the acquisition of another is a full barrier on every processor that
    CPython runs on; x86 needs none.
    """
    with _one:
        pass
    with _two:
        pass


class CommandWriter:
    """The writing end of one lane, in this process's own segment. Not safe for threads: the queue locks."""

    def __init__(self, buffer: memoryview, section: Section) -> None:
        """:param buffer: the whole segment, writable."""
        self.lane = section.index
        self.capacity = section.capacity
        self.maximum_body = min(MAXIMUM_BODY_BYTES, section.capacity // 4)
        start = section.offset + layout.RING_HEAD_BYTES
        self._head = buffer[section.offset : start].cast("Q")
        self._bytes = buffer[start : start + section.capacity]
        self._head[16] = self.capacity
        self._published = 0
        self._sequence = 0
        self._consumed = 0

    @property
    def published(self) -> int:
        """Bytes ever published."""
        return self._published

    def free(self, consumed: int) -> int:
        """Bytes that may be written, given how far the reader says it is; a nonsensical position changes
        nothing.
        """
        if self._consumed < consumed <= self._published:
            self._consumed = consumed
            # A reader that comes after this one begins there, and sees so before what is in front of it is
            # overwritten.
            self._head[8] = consumed
            fence()
        return self.capacity - (self._published - self._consumed)

    def put(self, kind: int, body: bytes, consumed: int) -> int:
        """Publishes a frame and gives its sequence number.

        :param consumed: how far the reader says that it is.
        :raises MessageTooLarge: if the body exceeds 64 KiB or a quarter of the ring.
        :raises QueueFull: if there is no space; nothing is written then.
        """
        if len(body) > self.maximum_body:
            raise MessageTooLarge(len(body), self.maximum_body)
        size = padded(FRAME_HEAD_BYTES + len(body))
        first = self._published % self.capacity
        rest = self.capacity - first
        filler = rest if rest < size else 0
        if filler + size > self.free(consumed):
            raise QueueFull(self.lane)
        position = self._published
        if filler:
            self._fill(first, filler)
            position += filler
            first = 0
        self._sequence += 1
        digest = checksum.xxh64(body) & 0xFFFFFFFF
        _FRAME.pack_into(self._bytes, first, len(body), kind, 0, self._sequence, digest, 0)
        self._bytes[first + FRAME_HEAD_BYTES : first + size] = body.ljust(size - FRAME_HEAD_BYTES, b"\0")
        fence()
        self._published = position + size
        self._head[0] = self._published
        return self._sequence

    def _fill(self, first: int, size: int) -> None:
        # Frames begin at multiples of 8, so that a rest may be too short for a whole head: then only the
        # length and the kind stand there, which always fit.
        head = _FRAME.pack(max(0, size - FRAME_HEAD_BYTES), FILLER, 0, 0, 0, 0)[:size]
        self._bytes[first : first + len(head)] = head


class CommandReader:
    """A reading end of one lane of another process's segment.

    As the one reader that the lane is for it is never overrun; as a bystander it may be, and then goes on
    behind what it missed, which the sequence numbers count.
    """

    def __init__(self, segment: Segment, section: Section, *, from_start: bool) -> None:
        self.lane = section.index
        self.capacity = section.capacity
        self.generation = segment.generation
        start = section.offset + layout.RING_HEAD_BYTES
        self._head = segment.words(section)
        self._bytes = segment.buffer[start : start + section.capacity]
        self.position = 0 if from_start else self._head[0]
        #: Messages that were overwritten or damaged before they were read, as the sequence numbers tell.
        self.lost = 0
        self._sequence: int | None = 0 if from_start else None

    def take(self) -> Message | None:
        """The next message; None when there is none now."""
        # A filler and a frame, or damage and what lies behind it: a handful of looks decides.
        for _ in range(4):
            published: int = self._head[0]
            if published <= self.position:
                return None
            frame = self._frame(published)
            if frame is None:
                self._resume(published)
            elif frame.kind != FILLER:
                return frame
        return None

    def _frame(self, published: int) -> Message | None:
        if self.position % 8 or published - self.position > self.capacity:
            return None
        first = self.position % self.capacity
        rest = self.capacity - first
        head = bytes(self._bytes[first : first + FRAME_HEAD_BYTES]).ljust(FRAME_HEAD_BYTES, b"\0")
        length, kind, _, sequence, digest, _ = _FRAME.unpack(head)
        if kind == FILLER:
            if self.position + rest > published:
                return None
            self.position += rest
            return Message(FILLER, self.lane, 0, b"")
        size = padded(FRAME_HEAD_BYTES + length)
        if length > MAXIMUM_BODY_BYTES or size > rest or self.position + size > published:
            return None
        body = bytes(self._bytes[first + FRAME_HEAD_BYTES : first + FRAME_HEAD_BYTES + length])
        if checksum.xxh64(body) & 0xFFFFFFFF != digest:
            return None
        if self._sequence is not None:
            if sequence <= self._sequence:
                return None
            self.lost += sequence - self._sequence - 1
        self._sequence = sequence
        self.position += size
        return Message(kind, self.lane, sequence, body)

    def _resume(self, published: int) -> None:
        self.position = published
