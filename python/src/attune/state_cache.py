"""The state tables of the core and the learner as one mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import overload

from attune.errors import MessageTooLarge
from attune.link import Lease
from attune.message_queue import MessageQueue
from attune.table import MAXIMUM_VALUE_BYTES, Entry, Key, StateTable


class StateCache(Mapping[str | bytes | int, bytes]):
    """Keys are texts (their UTF-8), byte strings, or numbers of 64 bits; values are bytes.

    Reads go to the tables in place, the core's before the learner's, and cost some microseconds. Writes are
    messages that the learner carries out on its own table: they show a moment later, and raise what
    `MessageQueue.put` raises.
    """

    def __init__(self, lease: Lease, queue: MessageQueue) -> None:
        self._lease = lease
        self._link = lease.link
        self._queue = queue

    def _tables(self) -> list[StateTable]:
        attachment = self._link.attachment
        return attachment.core_tables + attachment.learner_tables

    def entry(self, key: str | bytes | int) -> Entry | None:
        """The value with its version, which changes at each write; None if there is none."""
        wanted = _key(key)
        for table in self._tables():
            entry = table.get(wanted)
            if entry is not None:
                return entry
        return None

    def __getitem__(self, key: str | bytes | int) -> bytes:
        entry = self.entry(key)
        if entry is None:
            raise KeyError(key)
        return entry.value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str | bytes | int) and self.entry(key) is not None

    def entries(self, prefix: str | bytes = b"") -> Iterator[Entry]:
        """All entries whose keys are byte strings that begin so; without a prefix also those with numbers."""
        wanted = prefix.encode() if isinstance(prefix, str) else prefix
        for table in self._tables():
            for entry in table.entries():
                if not wanted or (isinstance(entry.key, bytes) and entry.key.startswith(wanted)):
                    yield entry

    def __iter__(self) -> Iterator[str | bytes | int]:
        seen: set[Key] = set()
        for entry in self.entries():
            if entry.key not in seen:
                seen.add(entry.key)
                yield _shown(entry.key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __setitem__(self, key: str, value: bytes | str) -> None: ...
    @overload
    def __setitem__(self, key: bytes, value: bytes | str) -> None: ...
    def __setitem__(self, key: str | bytes, value: bytes | str) -> None:
        """Asks the learner to store the value; `QueueFull` when it is behind."""
        data = value.encode() if isinstance(value, str) else bytes(value)
        if len(data) > MAXIMUM_VALUE_BYTES:
            raise MessageTooLarge(len(data), MAXIMUM_VALUE_BYTES)
        self._queue.write_state(_bytes(key), data)

    def __delitem__(self, key: str | bytes) -> None:
        """Asks the learner to delete the value; of a key that is not there nothing is said."""
        self._queue.delete_state(_bytes(key))


def _key(key: str | bytes | int) -> Key:
    return key.encode() if isinstance(key, str) else key


def _bytes(key: str | bytes) -> bytes:
    if not isinstance(key, str | bytes):
        raise TypeError("only keys that are texts or bytes can be written")
    return key.encode() if isinstance(key, str) else key


def _shown(key: Key) -> str | bytes | int:
    if isinstance(key, int):
        return key
    try:
        return key.decode()
    except UnicodeDecodeError:
        return key
