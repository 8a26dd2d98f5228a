"""Layout versions 1 and 2 of a segment: offsets, kinds and the record, as `Sources/IPC` has them.

All integers are little-endian, sections start on pages of 4,096 bytes, and each segment has one writing
process.

| header | bytes | what |
|---:|---:|---|
| 0 | 8 | magic "ATTUNESG" |
| 8 | 4 | layout version |
| 12 | 4 | kind: 1 core, 2 learner, 3 worker |
| 16 | 8 | bytes of the segment |
| 24 | 8 | generation (nanoseconds since 1970 at creation) |
| 32 | 16 | boot id |
| 48 | 8 | process id of the owner |
| 56 | 8 | its start time in clock ticks (field 22 of /proc/PID/stat) |
| 64 | 4 | number of sections, at most 64 |
| 68 | 4 | bytes of an entry of the directory (48) |
| 72 | 8 | heartbeat (CLOCK_MONOTONIC, nanoseconds) |
| 80 | 8 | state: 0 building, 1 live, 2 retired |
| 88 | 8 | version 2: XXH64 of this page with bytes 72 to 95 as zeros; version 1: zero |
| 96 | 32 | name, ASCII |
| 128 | 48 each | directory |
| 3200 | up to 896 | "name:format:offset," for each field of the record, ASCII |

An entry of the directory: u32 kind, u32 index, u64 offset, u64 bytes, u64 bytes of a record, u64 capacity,
u64 zero.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

import numpy as np

from attune import checksum

MAGIC: Final = b"ATTUNESG"
SUPPORTED_LAYOUTS: Final = (1, 2)
#: What this package writes.
WRITTEN_LAYOUT: Final = 2
HEADER_CHECKSUM_OFFSET: Final = 88
PAGE_BYTES: Final = 4096
RING_HEAD_BYTES: Final = 256
RECORD_BYTES: Final = 128
DIRECTORY_OFFSET: Final = 128
DIRECTORY_ENTRY_BYTES: Final = 48
MAXIMUM_SECTIONS: Final = 64
DESCRIPTION_OFFSET: Final = 3200
CURSOR_BYTES: Final = 64
CURSOR_COUNT: Final = 64


class SegmentKind(IntEnum):
    """Whose segment it is."""

    CORE = 1
    LEARNER = 2
    WORKER = 3


class SegmentState(IntEnum):
    """Where a segment is in its life."""

    BUILDING = 0
    LIVE = 1
    RETIRED = 2


class SectionKind(IntEnum):
    """What a section of a segment holds."""

    OBSERVATIONS = 1
    PAYLOADS = 2
    COMMANDS = 3
    TABLE = 4
    CURSORS = 5


class Outcome(IntEnum):
    """How a call ended: the field `outcome` of a record."""

    OK = 0
    TOOL_ERROR = 1
    RPC_ERROR = 2
    TIMEOUT = 3
    UNAVAILABLE = 4
    CIRCUIT_OPEN = 5
    OVERLOADED = 6
    TOO_LARGE = 7
    PROTOCOL_ERROR = 8
    DRAINING = 9
    CANCELLED = 10
    REFUSED = 11


class RecordFlag(IntFlag):
    """The field `flags` of a record."""

    PARAMS_CAPTURED = 1
    RESULT_CAPTURED = 2
    PARAMS_CUT = 4
    RESULT_CUT = 8


# Without a gap: NumPy leaves gaps out when it copies, and the checksum is over all bytes.
_FIELDS: Final = (
    ("sequence", "<u8", 0),
    ("time_us", "<u8", 8),
    ("call_id", "<u8", 16),
    ("session", "<u4", 24),
    ("principal", "<u4", 28),
    ("server", "<u4", 32),
    ("tool", "<u4", 36),
    ("method", "<u4", 40),
    ("era", "u1", 44),
    ("outcome", "u1", 45),
    ("flags", "<u2", 46),
    ("error_code", "<i4", 48),
    ("queue_us", "<u4", 52),
    ("upstream_us", "<u4", 56),
    ("duration_us", "<u4", 60),
    ("request_bytes", "<u4", 64),
    ("result_bytes", "<u4", 68),
    ("argument_hash", "<u8", 72),
    ("result_hash", "<u8", 80),
    ("advice_version", "<u8", 88),
    ("advice_reason", "<u4", 96),
    ("loop", "<u2", 100),
    ("zero_102", "<u2", 102),
    ("payload_position", "<u8", 104),
    ("params_bytes", "<u4", 112),
    ("payload_result_bytes", "<u4", 116),
    ("zero_120", "<u4", 120),
    ("checksum", "<u4", 124),
)

#: One observed call: the record of 128 bytes as a NumPy structured type.
RECORD: Final[np.dtype[np.void]] = np.dtype(
    {
        "names": [name for name, _, _ in _FIELDS],
        "formats": [code for _, code, _ in _FIELDS],
        "offsets": [offset for _, _, offset in _FIELDS],
        "itemsize": RECORD_BYTES,
    }
)


def header_checksum(page: bytes) -> int:
    """What a header page of version 2 says of itself: heartbeat, state and checksum are left out."""
    return checksum.xxh64(page[:72] + bytes(24) + page[96:PAGE_BYTES])


def described(text: str) -> dict[str, tuple[str, int]]:
    """The format and the offset of each field that a header's description of the record names.

    Formats are compared as texts: NumPy's reading of a damaged one raises whatever its parser does.

    :raises ValueError: if the text is not a list of "name:format:offset".
    """
    fields: dict[str, tuple[str, int]] = {}
    for part in filter(None, text.split(",")):
        name, code, offset = part.split(":")
        fields[name] = (code.removeprefix("|"), int(offset))
    return fields


def matches(text: str) -> bool:
    """Whether a header's description says the same of each field as `RECORD` does.

    Other fields may stand there, and what is always zero need not.
    """
    try:
        fields = described(text)
    except ValueError:
        return False
    return all(
        fields.get(name) == (code, offset) for name, code, offset in _FIELDS if not name.startswith("zero_")
    )
