"""The read-only side of a segment: mapped, and validated before anything in it is used."""

from __future__ import annotations

import builtins
import contextlib
import fcntl
import mmap
import os
import stat
import struct
import sys
import time
from dataclasses import dataclass
from typing import Final

from attune import layout
from attune.errors import (
    BadSection,
    DamagedHeader,
    NotASegment,
    NotLive,
    NotPrivate,
    NotSealed,
    SegmentError,
    UnsupportedLayout,
    UnsupportedRecord,
    WrongSize,
)
from attune.layout import SectionKind, SegmentKind, SegmentState

F_GET_SEALS: Final = 1034
#: No shrinking, and no seal can be added or taken off.
_NEEDED_SEALS: Final = 0x0002 | 0x0001

#: An owner that is silent for so long is taken for dead where its process cannot be seen.
STALE_SECONDS: Final = 5.0

_HEADER: Final = struct.Struct("<8sIIQQ16sQQIIQQ8x32s")
_WORD: Final = struct.Struct("<Q")
_ENTRY: Final = struct.Struct("<IIQQQQQ")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A process, told apart from a later one with the same id."""

    pid: int
    start_ticks: int

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity | None:
        """The process with this id; None if there is none that can be seen."""
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
            return cls(pid, int(fields[19]))
        except (OSError, IndexError, ValueError):
            return None

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return ProcessIdentity.of(self.pid) == self


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of a segment's directory."""

    kind: SectionKind
    index: int
    offset: int
    bytes: int
    record_bytes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Header:
    """The header page as it was when it was validated."""

    layout_version: int
    kind: SegmentKind
    bytes: int
    generation: int
    boot_id: builtins.bytes
    owner: ProcessIdentity
    name: str
    sections: tuple[Section, ...]
    description: str


class Segment:
    """A segment of another process, mapped read-only.

    The mapping lives as long as anything that was read from it in place. A sealed descriptor cannot shrink,
    so that reading never faults; a file in a directory of the owner's own is trusted not to.
    """

    __slots__ = ("_words", "buffer", "header", "mapping")

    def __init__(self, descriptor: int, name: str, *, sealed: bool) -> None:
        """Maps and validates; the descriptor stays the caller's.

        :param sealed: whether the descriptor must be one that nobody can shrink.
        :raises SegmentError: one of its cases, with what is wrong.
        """
        if sys.byteorder != "little":
            raise SegmentError(name, "this machine is big-endian and the region is not")
        found = os.fstat(descriptor)
        size = found.st_size
        if not stat.S_ISREG(found.st_mode) or size < layout.PAGE_BYTES or size % 8:
            raise NotASegment(name)
        if sealed and not _is_sealed(descriptor):
            raise NotSealed(name)
        if not sealed and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
            raise NotPrivate(name, found.st_uid, stat.S_IMODE(found.st_mode))
        self.mapping = mmap.mmap(descriptor, size, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
        with contextlib.suppress(OSError):
            self.mapping.madvise(mmap.MADV_DONTDUMP)
        self.buffer = memoryview(self.mapping)
        self._words = self.buffer.cast("Q")
        self.header = read_header(self.buffer, name)
        if self.state is not SegmentState.LIVE:
            raise NotLive(name, self._words[10])

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Segment:
        """Maps the segment in a file; symbolic links are not followed.

        :raises OSError: if the file cannot be opened.
        :raises SegmentError: if it is not a segment that can be read.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return cls(descriptor, os.path.basename(path), sealed=False)
        finally:
            os.close(descriptor)

    @property
    def state(self) -> SegmentState | None:
        """Where the segment is in its life, now; None if the value is none that is known."""
        try:
            return SegmentState(self._words[10])
        except ValueError:
            return None

    @property
    def heartbeat_age(self) -> float:
        """Seconds since the owner last gave a sign of life (it does so each second)."""
        return max(0.0, (time.monotonic_ns() - self._words[9]) / 1e9)

    @property
    def owner_lives(self) -> bool:
        """Whether the owner runs, as far as its process or its heartbeat can be seen from here."""
        if self.state is not SegmentState.LIVE:
            return False
        return self.header.owner.alive or self.heartbeat_age < STALE_SECONDS

    @property
    def generation(self) -> int:
        """Which incarnation of its owner wrote the segment."""
        return self.header.generation

    def sections(self, kind: SectionKind) -> list[Section]:
        """The sections of a kind, by index."""
        return sorted((s for s in self.header.sections if s.kind is kind), key=lambda section: section.index)

    def words(self, section: Section) -> memoryview:
        """A section as 64-bit words: reading one is one load, so never torn."""
        return self._words[section.offset // 8 : (section.offset + section.bytes) // 8]


def _is_sealed(descriptor: int) -> bool:
    try:
        return fcntl.fcntl(descriptor, F_GET_SEALS) & _NEEDED_SEALS == _NEEDED_SEALS
    except OSError:
        return False


def read_header(buffer: memoryview, name: str) -> Header:
    """Validates the header page of a segment.

    :raises SegmentError: one of its cases.
    """
    page = bytes(buffer[: layout.PAGE_BYTES])
    if len(page) < layout.PAGE_BYTES or page[:8] != layout.MAGIC:
        raise NotASegment(name)
    fields = _HEADER.unpack_from(page)
    (_, version, kind, size, generation, boot_id, pid, start, count, entry_bytes, _, _, label) = fields
    if version not in layout.SUPPORTED_LAYOUTS:
        raise UnsupportedLayout(name, version, layout.SUPPORTED_LAYOUTS)
    if version >= 2 and _WORD.unpack_from(page, layout.HEADER_CHECKSUM_OFFSET)[0] != layout.header_checksum(
        page
    ):
        raise DamagedHeader(name)
    if size != len(buffer):
        raise WrongSize(name, size, len(buffer))
    try:
        segment_kind = SegmentKind(kind)
    except ValueError:
        raise SegmentError(name, f"its kind {kind} is unknown") from None
    if count > layout.MAXIMUM_SECTIONS or entry_bytes != layout.DIRECTORY_ENTRY_BYTES:
        raise BadSection(name, 0, f"a directory of {count} entries of {entry_bytes} bytes is not possible")
    sections = tuple(_read_section(page, index, size, name) for index in range(count))
    _check_apart(sections, name)
    description = page[layout.DESCRIPTION_OFFSET :].split(b"\0", 1)[0].decode("ascii", "replace")
    if any(s.kind is SectionKind.OBSERVATIONS for s in sections) and not layout.matches(description):
        raise UnsupportedRecord(name, description)
    return Header(
        layout_version=version,
        kind=segment_kind,
        bytes=size,
        generation=generation,
        boot_id=boot_id,
        owner=ProcessIdentity(pid, start),
        name=label.split(b"\0", 1)[0].decode("ascii", "replace"),
        sections=sections,
        description=description,
    )


def _read_section(page: bytes, index: int, size: int, name: str) -> Section:
    place = layout.DIRECTORY_OFFSET + index * layout.DIRECTORY_ENTRY_BYTES
    kind, number, offset, length, record_bytes, capacity, _ = _ENTRY.unpack_from(page, place)
    try:
        section = Section(SectionKind(kind), number, offset, length, record_bytes, capacity)
    except ValueError:
        raise BadSection(name, index, f"its kind {kind} is unknown") from None
    if offset % layout.PAGE_BYTES or offset < layout.PAGE_BYTES:
        raise BadSection(
            name, index, f"it begins at {offset}, which is not the start of a page behind the header"
        )
    if length == 0 or offset + length > size:
        raise BadSection(name, index, f"{length} bytes at {offset} do not fit the segment of {size} bytes")
    fault = _shape_fault(section)
    if fault is not None:
        raise BadSection(name, index, fault)
    return section


def _shape_fault(section: Section) -> str | None:
    room = section.bytes - layout.RING_HEAD_BYTES
    capacity = section.capacity
    match section.kind:
        case SectionKind.OBSERVATIONS:
            if section.record_bytes != layout.RECORD_BYTES:
                return f"its records have {section.record_bytes} bytes instead of {layout.RECORD_BYTES}"
            if capacity < 2 or capacity & (capacity - 1) or capacity * layout.RECORD_BYTES > room:
                return f"its ring cannot have {capacity} records"
        case SectionKind.PAYLOADS:
            if section.record_bytes != 1 or capacity < 4096 or capacity % 64 or capacity > room:
                return f"its ring cannot have {capacity} bytes"
        case SectionKind.COMMANDS:
            power = capacity >= 4096 and not capacity & (capacity - 1)
            if section.record_bytes != 1 or not power or capacity > room:
                return f"its ring cannot have {capacity} bytes"
        case SectionKind.CURSORS:
            shape = (section.record_bytes, capacity)
            size = layout.CURSOR_COUNT * layout.CURSOR_BYTES
            if shape != (layout.CURSOR_BYTES, layout.CURSOR_COUNT) or section.bytes < size:
                return f"{section.bytes} bytes do not hold {layout.CURSOR_COUNT} cursors"
        case SectionKind.TABLE:
            pass
    return None


def _check_apart(sections: tuple[Section, ...], name: str) -> None:
    if len({(section.kind, section.index) for section in sections}) < len(sections):
        raise BadSection(name, len(sections) - 1, "two sections are of one kind and index")
    ordered = sorted(range(len(sections)), key=lambda index: sections[index].offset)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if sections[before].offset + sections[before].bytes > sections[after].offset:
            raise BadSection(name, after, f"it overlaps section {before}")
