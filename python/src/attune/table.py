"""The state tables of the core and the learner, read in place while their owners write them.

The section begins with a head of 4,096 bytes in words of 64 bits: magic "ATTUNEST", layout (lower half, 1)
and shards (upper half), seed of the hashes, buckets (a power of two), slots, and where buckets, slots and
values begin in the section. A bucket is one word whose lower half is the number of its first slot plus one,
and which changes whenever its chain does. A slot has eight words: version (odd while it is written), hash,
next slot plus one, shape (value bytes u32, key bytes u16, kind u8: 1 number, 2 bytes; flags u8), expiry
(CLOCK_MONOTONIC nanoseconds, 0 for never), the key if it is a number, where the block begins in the section
(0: the value stands in the last word of the slot), the value if it is short. A block is the key's bytes,
padded to 8, and the value.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from attune import checksum
from attune.segment import Section, Segment

MAGIC: Final = 0x5453454E55545441
LAYOUT: Final = 1
HEAD_BYTES: Final = 4096
MAXIMUM_KEY_BYTES: Final = 255
MAXIMUM_VALUE_BYTES: Final = 65536
LONGEST_CHAIN: Final = 64
KIND_NUMBER: Final = 1
KIND_BYTES: Final = 2
_SLOT_BYTES: Final = 64
_SLOT_WORDS: Final = 8
#: So often an entry that changes is looked at before it counts as absent.
_TRIES: Final = 64
_LOW: Final = 0xFFFFFFFF
_MASK: Final = (1 << 64) - 1

Key = int | bytes


class Entry(NamedTuple):
    """A value, with the version that it had."""

    key: Key
    value: bytes
    version: int
    #: CLOCK_MONOTONIC nanoseconds; 0 for never.
    expiry: int


class _Changed(Exception):
    """The slot was written while it was read."""


def mixed(value: int) -> int:
    """The finaliser of SplitMix64, by which numbers are hashed."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class StateTable:
    """One table; everything in it is checked before it is used, and every loop has a bound.

    A lookup costs 3 to 10 us in Python.
    """

    def __init__(self, segment: Segment, section: Section) -> None:
        """:raises ValueError: if the head is that of no table that is known."""
        self._words = segment.words(section)
        self._bytes = segment.buffer[section.offset : section.offset + section.bytes]
        self._size = section.bytes
        if section.bytes < HEAD_BYTES:
            raise ValueError(f"a table of {section.bytes} bytes has no room for its head")
        (magic, kinds, self.seed, buckets, slots, bucket_place, slot_place, value_place) = struct.unpack(
            "<8Q", self._bytes[:64]
        )
        if magic != MAGIC:
            raise ValueError("it has no state table")
        if kinds & _LOW != LAYOUT:
            raise ValueError(f"the state table's layout {kinds & _LOW} is unknown")
        places = (bucket_place, slot_place, value_place)
        if (
            buckets < 2
            or buckets & (buckets - 1)
            or not 0 < slots < _LOW
            or any(place % 8 for place in places)
            or bucket_place < HEAD_BYTES
            or slot_place < bucket_place + buckets * 8
            or value_place < slot_place + slots * _SLOT_BYTES
            or value_place > section.bytes
        ):
            raise ValueError("the head of the state table is damaged")
        self._shift = 64 - (buckets.bit_length() - 1)
        self._bucket_word = bucket_place // 8
        self._slot_word = slot_place // 8
        self._values = value_place
        self.slots: int = slots

    def get(self, key: Key) -> Entry | None:
        """The entry of a key; None if there is none that can be read now."""
        if isinstance(key, int):
            if not 0 <= key <= _MASK:
                return None
            digest = mixed(key ^ self.seed)
        else:
            if len(key) > MAXIMUM_KEY_BYTES:
                return None
            digest = checksum.xxh64(key, self.seed)
        bucket = self._bucket_word + (digest >> self._shift)
        for _ in range(_TRIES):
            before = self._words[bucket]
            try:
                found = self._walk(before & _LOW, digest, key)
            except _Changed:
                continue
            if found is not None:
                return found
            if self._words[bucket] == before:
                return None
        return None

    def _walk(self, link: int, digest: int, key: Key) -> Entry | None:
        for _ in range(LONGEST_CHAIN):
            if link == 0:
                return None
            if link > self.slots:
                raise _Changed
            at = self._slot_word + (link - 1) * _SLOT_WORDS
            if self._words[at + 1] == digest:
                entry = self._read(at)
                if entry is not None and entry.key == key and type(entry.key) is type(key):
                    return None if _expired(entry) else entry
            link = self._words[at + 2]
        raise _Changed

    def _read(self, at: int) -> Entry | None:
        """The entry in the slot at a word; None for a free one, or one that cannot be."""
        words = self._words
        version = words[at]
        if version & 1:
            raise _Changed
        shape, expiry, number, block = words[at + 3], words[at + 4], words[at + 5], words[at + 6]
        value_bytes, key_bytes, kind = shape & _LOW, shape >> 32 & 0xFFFF, shape >> 48 & 0xFF
        start = block + ((key_bytes + 7) & ~7)
        if block == 0:
            start = (at + 7) * 8
            possible = value_bytes <= 8 and key_bytes == 0
        else:
            possible = block % 8 == 0 and self._values <= block and start + value_bytes <= self._size
        possible = possible and value_bytes <= MAXIMUM_VALUE_BYTES and key_bytes <= MAXIMUM_KEY_BYTES
        key: Key | None = None
        value = b""
        if possible:
            value = bytes(self._bytes[start : start + value_bytes])
            if kind == KIND_NUMBER:
                key = number
            elif kind == KIND_BYTES:
                key = bytes(self._bytes[block : block + key_bytes]) if block else b""
        if words[at] != version:
            raise _Changed
        return None if key is None else Entry(key, value, version, expiry)

    def entries(self) -> Iterator[Entry]:
        """Every entry, in no order; one that changes while it is looked at may be missed."""
        for slot in range(self.slots):
            at = self._slot_word + slot * _SLOT_WORDS
            if not self._words[at + 3]:
                continue
            for _ in range(_TRIES):
                try:
                    entry = self._read(at)
                except _Changed:
                    continue
                if entry is not None and not _expired(entry):
                    yield entry
                break


def _expired(entry: Entry) -> bool:
    return entry.expiry != 0 and time.monotonic_ns() >= entry.expiry
