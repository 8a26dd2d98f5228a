"""Interned names: the numbers in records, and the texts that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from operator import index
from typing import Final

from attune.table import StateTable

_PREFIX: Final = 0x4E00000000000000
_IDS: Final = 0xFFFFFFFF
#: Names kept here; beyond, the least useful thing is done: all are forgotten and read again.
_MOST_KEPT: Final = 65536


class NameKind(IntEnum):
    """What a name is the name of."""

    SERVER = 1
    TOOL = 2
    SESSION = 3
    PRINCIPAL = 4
    METHOD = 5
    OTHER = 6


class CoreNames:
    """The names that one core gave: its tables, and what was read from them before."""

    def __init__(self, tables: list[StateTable]) -> None:
        self.tables = tables
        #: Replaced as a whole, since threads may look at once.
        self._kept: dict[int, tuple[int, str]] = {}

    def find(self, identifier: int) -> tuple[int, str]:
        """The kind and the text of an id.

        :raises KeyError: if there is no such name.
        """
        if not hasattr(identifier, "__index__"):
            raise KeyError(identifier)
        identifier = index(identifier)
        kept = self._kept
        if len(kept) >= _MOST_KEPT:
            kept = self._kept = {}
        known = kept.get(identifier)
        if known is not None:
            return known
        if 0 < identifier <= _IDS:
            for table in self.tables:
                entry = table.get(_PREFIX | identifier)
                if entry is not None and entry.value:
                    found = entry.value[0], entry.value[1:].decode("utf-8", "replace")
                    kept[identifier] = found
                    return found
        raise KeyError(identifier)


class Names(Mapping[int, str]):
    """The texts of the ids in a record, from the core's state table.

    0 stands for no name and is never there; names of sessions may be evicted, those of servers, tools,
    principals and methods stay as long as the core runs. `Batch.names` are those of the core that wrote the
    batch, `Region.names` those of the core that is attached now.
    """

    def __init__(self, core: Callable[[], CoreNames]) -> None:
        self._core = core

    def __getitem__(self, identifier: int) -> str:
        return self._core().find(identifier)[1]

    def kind(self, identifier: int) -> NameKind:
        """What kind of name an id stands for.

        :raises KeyError: if there is no such name.
        """
        try:
            return NameKind(self._core().find(identifier)[0])
        except ValueError:
            return NameKind.OTHER

    def find(self, text: str, kind: NameKind) -> int | None:
        """The id of a name; None if it was not interned (or is longer than 200 bytes, and so cut)."""
        key = b"name/" + bytes([kind]) + text.encode()
        for table in self._core().tables:
            entry = table.get(key)
            if entry is not None and len(entry.value) == 8:
                return int.from_bytes(entry.value, "little")
        return None

    def __iter__(self) -> Iterator[int]:
        for table in self._core().tables:
            for entry in table.entries():
                if isinstance(entry.key, int) and entry.key & ~_IDS == _PREFIX and entry.value:
                    yield entry.key & _IDS

    def __len__(self) -> int:
        return sum(1 for _ in self)
