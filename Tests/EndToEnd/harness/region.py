"""Reads a segment of the shared region from its file, by the layout that the types' comments document."""

import mmap
import pathlib
import struct
from dataclasses import dataclass

OBSERVATIONS, PAYLOADS, STATE_TABLE, CURSORS = 1, 2, 4, 5
RING_HEAD = 256
RECORD = struct.Struct("<QQQIIIIIBBHiIIIIIQQQIHHQIIII")
FIELDS = (
    "sequence time_us call_id session principal server tool method era outcome flags error_code queue_us "
    "upstream_us duration_us request_bytes result_bytes argument_hash result_hash advice_version "
    "advice_reason loop _ payload_position params_bytes payload_result_bytes __ checksum"
).split()


@dataclass
class Section:
    kind: int
    index: int
    offset: int
    size: int
    capacity: int


class Segment:
    """A segment as it was when this was made."""

    def __init__(self, path: pathlib.Path) -> None:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapping:
            self.data = bytes(mapping)
        assert self.data[:8] == b"ATTUNESG"
        self.version, self.kind, self.size, self.generation = struct.unpack_from("<IIQQ", self.data, 8)
        self.owner, _, count, entry = struct.unpack_from("<QQII", self.data, 48)
        self.heartbeat, self.state = struct.unpack_from("<QQ", self.data, 72)
        self.name = self.data[96:128].rstrip(b"\0").decode()
        self.sections = []
        for number in range(count):
            fields = struct.unpack_from("<IIQQQQ", self.data, 128 + number * entry)
            kind, index, offset, size, _, capacity = fields
            self.sections.append(Section(kind, index, offset, size, capacity))

    def section(self, kind: int, index: int = 0) -> Section:
        return next(one for one in self.sections if (one.kind, one.index) == (kind, index))

    @property
    def loops(self) -> int:
        return sum(one.kind == OBSERVATIONS for one in self.sections)

    def records(self) -> list[dict[str, int]]:
        """All records of all loops that are still there."""
        found = []
        for loop in range(self.loops):
            ring = self.section(OBSERVATIONS, loop)
            (published,) = struct.unpack_from("<Q", self.data, ring.offset)
            for index in range(max(0, published - ring.capacity), published):
                place = ring.offset + RING_HEAD + index % ring.capacity * RECORD.size
                record = dict(zip(FIELDS, RECORD.unpack_from(self.data, place), strict=True))
                assert record["sequence"] == index + 1
                found.append(record)
        return found

    def payload(self, record: dict[str, int]) -> tuple[bytes, bytes]:
        """The params and the result that a record points to."""
        ring = self.section(PAYLOADS, record["loop"])
        start = ring.offset + RING_HEAD + record["payload_position"] % ring.capacity
        middle = start + record["params_bytes"]
        return self.data[start:middle], self.data[middle : middle + record["payload_result_bytes"]]
