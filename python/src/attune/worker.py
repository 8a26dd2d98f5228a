"""This process's own segment: three command rings to the learner and the cursors that say how far this
process reads.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from attune import layout
from attune.commands import CommandWriter
from attune.cursors import CursorTable
from attune.errors import QueueUnavailable, SegmentError
from attune.layout import SectionKind, SegmentKind, SegmentState
from attune.segment import ProcessIdentity, Section, Segment

LANES: Final = 3
MAXIMUM_WORKERS: Final = 8
#: What the lanes hold where no gateway says so (regions found by path).
DEFAULT_LANE_BYTES: Final = (65536, 262144, 65536)
_SEALS: Final = 0x0001 | 0x0002 | 0x0004 | 0x0010
_F_ADD_SEALS: Final = 1033


def _power_of_two(limit: int) -> int:
    return 1 << (limit.bit_length() - 1) if limit > 0 else 0


def _sections(capacities: Sequence[int]) -> tuple[list[Section], int]:
    sections, end = [], layout.PAGE_BYTES
    shapes = [
        (SectionKind.COMMANDS, lane, layout.RING_HEAD_BYTES + capacity, 1, capacity)
        for lane, capacity in enumerate(capacities)
    ]
    cursors = layout.CURSOR_COUNT * layout.CURSOR_BYTES
    shapes.append((SectionKind.CURSORS, 0, cursors, layout.CURSOR_BYTES, layout.CURSOR_COUNT))
    for kind, index, size, record_bytes, capacity in shapes:
        sections.append(Section(kind, index, end, size, record_bytes, capacity))
        end += (size + layout.PAGE_BYTES - 1) & ~(layout.PAGE_BYTES - 1)
    return sections, end


def capacities(lane_bytes: Sequence[int], segment_bytes: int | None) -> list[int]:
    """Lanes as large as a grant allows: powers of two, within the segment that was granted.

    :raises ValueError: if not even 4,096 bytes a lane fit.
    """
    lanes = [_power_of_two(min(size, 1 << 30)) for size in lane_bytes]
    if len(lanes) != LANES:
        raise ValueError(f"a worker has {LANES} lanes, not {len(lanes)}")
    while segment_bytes is not None and _sections(lanes)[1] > segment_bytes:
        largest = max(range(LANES), key=lambda lane: lanes[lane])
        lanes[largest] //= 2
        if lanes[largest] < 4096:
            break
    if min(lanes) < 4096:
        raise ValueError("the space that was granted is too small for a worker's segment")
    return lanes


class WorkerSegment:
    """A segment that this process writes; readers are the learner and whoever displays lags."""

    def __init__(
        self,
        descriptor: int,
        name: str,
        lanes: Sequence[int],
        path: Path | None = None,
        size: int | None = None,
    ) -> None:
        """Lays out the file behind the descriptor, which is then this object's, in `size` bytes if given."""
        self.descriptor = descriptor
        self.name = name
        self.path = path
        self.pid = os.getpid()
        self.lock = threading.Lock()
        sections, used = _sections(lanes)
        self.bytes = used if size is None else size
        self.generation = time.time_ns()
        os.ftruncate(descriptor, self.bytes)
        os.posix_fallocate(descriptor, 0, self.bytes)
        self._map = mmap.mmap(
            descriptor, self.bytes, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
        with contextlib.suppress(OSError):
            self._map.madvise(mmap.MADV_DONTDUMP)
        buffer = memoryview(self._map)
        self._words = buffer.cast("Q")
        self._write_header(buffer, sections)
        self.writers = [CommandWriter(buffer, section) for section in sections[:LANES]]
        self.cursors = CursorTable(buffer, sections[LANES])
        self.heartbeat()

    @classmethod
    def anonymous(cls, name: str, lane_bytes: Sequence[int], segment_bytes: int | None) -> WorkerSegment:
        """A segment to be handed over, sealed so that nobody can shrink it or map it for writing.

        :param segment_bytes: its exact size; None for what the lanes need.
        """
        descriptor = os.memfd_create(f"attune-{name}", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            segment = cls(descriptor, name, capacities(lane_bytes, segment_bytes), size=segment_bytes)
            fcntl.fcntl(descriptor, _F_ADD_SEALS, _SEALS)
        except BaseException:
            os.close(descriptor)
            raise
        segment._go_live()
        return segment

    @classmethod
    def file(cls, directory: Path, lane_bytes: Sequence[int] = DEFAULT_LANE_BYTES) -> WorkerSegment:
        """The segment DIRECTORY/worker-N.segment with the first N whose owner is gone or never was.

        :raises QueueUnavailable: if eight workers are there, or the directory cannot be written.
        """
        try:
            with _locked(directory):
                for number in range(MAXIMUM_WORKERS):
                    path = directory / f"worker-{number}.segment"
                    if not _has_owner(path):
                        return cls._replacing(path, lane_bytes)
        except OSError as error:
            raise QueueUnavailable(f"{directory} cannot be written: {error.strerror}") from error
        raise QueueUnavailable(f"there are {MAXIMUM_WORKERS} workers already")

    @classmethod
    def _replacing(cls, path: Path, lane_bytes: Sequence[int]) -> WorkerSegment:
        building = path.with_name(path.name + ".building")
        building.unlink(missing_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(building, flags, 0o600)
        try:
            segment = cls(descriptor, path.name.removesuffix(".segment"), capacities(lane_bytes, None), path)
            segment._go_live()
            os.rename(building, path)
        except BaseException:
            os.close(descriptor)
            building.unlink(missing_ok=True)
            raise
        return segment

    def _write_header(self, buffer: memoryview, sections: Sequence[Section]) -> None:
        owner = ProcessIdentity.of(self.pid)
        start = owner.start_ticks if owner else 0
        boot = bytes.fromhex(Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", ""))
        struct.pack_into(
            "<8sIIQQ16sQQIIQQ8x32s",
            buffer,
            0,
            layout.MAGIC,
            layout.WRITTEN_LAYOUT,
            SegmentKind.WORKER,
            self.bytes,
            self.generation,
            boot,
            self.pid,
            start,
            len(sections),
            layout.DIRECTORY_ENTRY_BYTES,
            0,
            SegmentState.BUILDING,
            self.name.encode("ascii", "replace")[:31],
        )
        for i, section in enumerate(sections):
            struct.pack_into(
                "<IIQQQQQ",
                buffer,
                layout.DIRECTORY_OFFSET + i * layout.DIRECTORY_ENTRY_BYTES,
                section.kind,
                section.index,
                section.offset,
                section.bytes,
                section.record_bytes,
                section.capacity,
                0,
            )
        page = bytes(buffer[: layout.PAGE_BYTES])
        struct.pack_into("<Q", buffer, layout.HEADER_CHECKSUM_OFFSET, layout.header_checksum(page))

    def _go_live(self) -> None:
        self._words[10] = SegmentState.LIVE

    def heartbeat(self) -> None:
        """Tells readers that this process lives; due once a second."""
        self._words[9] = time.monotonic_ns()

    @property
    def owned(self) -> bool:
        """Whether this process made it; a fork must not write what its parent writes."""
        return os.getpid() == self.pid

    def retire(self) -> None:
        """Tells readers that no more comes, and takes the file away; a fork leaves all to its parent."""
        if not self.owned or self._words[10] == SegmentState.RETIRED:
            return
        self._words[10] = SegmentState.RETIRED
        if self.path is not None:
            with contextlib.suppress(OSError):
                if os.stat(self.path).st_ino == os.fstat(self.descriptor).st_ino:
                    self.path.unlink()
        os.close(self.descriptor)


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keeps two programs from taking one worker's place; the lock goes with the process that has it."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _has_owner(path: Path) -> bool:
    try:
        segment = Segment.open(path)
    except (FileNotFoundError, SegmentError):
        return False
    return segment.header.owner.alive
