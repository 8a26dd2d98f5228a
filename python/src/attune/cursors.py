"""Cursors: how far a reader is, written into its own segment, so that writers and operators see its lag.

64 entries of 64 bytes: 0 u64 what (upper half: 1 observation ring, 3 command ring; lower half: the loop, or
worker << 8 | lane; 0: free), 8 u64 generation of the writer's segment, 16 u64 position, 24 u64 lost, 32 u64
CLOCK_MONOTONIC nanoseconds of the last advance.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from attune import layout
from attune.commands import fence
from attune.segment import Section, Segment

OBSERVATIONS: Final = 1
COMMANDS: Final = 3
_WORDS: Final = layout.CURSOR_BYTES // 8


class Cursor(NamedTuple):
    """One entry."""

    stream: int
    number: int
    generation: int
    position: int
    lost: int
    moved_ns: int


class CursorTable:
    """The entries of this process's own segment."""

    def __init__(self, buffer: memoryview, section: Section) -> None:
        end = section.offset + layout.CURSOR_COUNT * layout.CURSOR_BYTES
        self._words = buffer[section.offset : end].cast("Q")
        self._slots: dict[tuple[int, int, int], int] = {}

    def store(self, cursor: Cursor, owner: int = 0) -> None:
        """Writes a reader's place; without a free entry nothing is written, which costs only the display of a
        lag.

        :param owner: tells apart several readers of one stream.
        """
        key = (cursor.stream, cursor.number, owner)
        slot = self._slots.get(key)
        if slot is None:
            taken = set(self._slots.values())
            slot = next((i for i in range(layout.CURSOR_COUNT) if i not in taken), None)
            if slot is None:
                return
            self._slots[key] = slot
        at = slot * _WORDS
        words = self._words
        moves = words[at + 1] != cursor.generation
        if moves:
            # Nobody may take the position in one ring for that in another: whoever sees the generation sees
            # its position too.
            words[at] = 0
            fence()
        words[at + 2] = cursor.position
        if moves:
            fence()
            words[at + 1] = cursor.generation
        words[at + 3] = cursor.lost
        words[at + 4] = cursor.moved_ns
        fence()
        words[at] = cursor.stream << 32 | cursor.number

    def remove(self, owner: int) -> None:
        """Frees the entries of a reader that ended."""
        for key in [key for key in self._slots if key[2] == owner]:
            slot = self._slots.pop(key)
            self._words[slot * _WORDS] = 0


def command_position(segment: Segment, generation: int, lane: int) -> int | None:
    """How far the segment's owner has read a lane of the segment of a generation; None if it reads it not."""
    for section in segment.sections(layout.SectionKind.CURSORS):
        words = segment.words(section)
        for slot in range(layout.CURSOR_COUNT):
            at = slot * _WORDS
            what = words[at]
            if what >> 32 == COMMANDS and what & 0xFF == lane and words[at + 1] == generation:
                position = int(words[at + 2])
                if words[at] == what and words[at + 1] == generation:
                    return position
    return None
