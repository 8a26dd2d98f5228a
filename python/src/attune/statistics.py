"""What the learner publishes: statistics of each tool, and the predictions that hold."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from attune.link import Lease
from attune.table import StateTable

_VERSION: Final = 1
_VALUE: Final = struct.Struct("<II8Q10d")
#: What a value has at least; a later version may append to it.
_LEAST_BYTES: Final = 160


@dataclass(frozen=True, slots=True)
class ToolStatistics:
    """The calls of one tool since the learner began to count; times in microseconds."""

    calls: int
    #: All outcomes but ok and cancelled.
    errors: int
    request_bytes: int
    result_bytes: int
    #: Start of the latest call, microseconds since 1970.
    latest_us: int
    #: CLOCK_MONOTONIC seconds when this was written.
    written_s: int
    shortest_us: int
    longest_us: int
    mean_us: float
    variance: float
    p50_us: float
    p90_us: float
    p99_us: float
    upstream_p50_us: float
    upstream_p99_us: float
    queue_mean_us: float
    calls_per_s: float
    errors_per_s: float

    @classmethod
    def decoded(cls, value: bytes) -> ToolStatistics | None:
        """The statistics in a value of the table; None unless it has this layout and finite numbers."""
        if len(value) < _LEAST_BYTES:
            return None
        version, size, *numbers = _VALUE.unpack_from(value)
        if version != _VERSION or size != len(value) or not all(map(math.isfinite, numbers)):
            return None
        return cls(*numbers)


class _Published:
    """Entries of the learner's table whose keys are PREFIX/FIRST/SECOND, where FIRST has no slash."""

    def __init__(self, lease: Lease, prefix: str) -> None:
        self._lease = lease
        self._prefix = f"{prefix}/".encode()

    def _tables(self) -> list[StateTable]:
        return self._lease.link.attachment.learner_tables

    def value(self, names: object) -> bytes | None:
        if not isinstance(names, tuple) or len(names) != 2 or not all(isinstance(n, str) for n in names):
            return None
        key = self._prefix + "/".join(names).encode()
        entries = (table.get(key) for table in self._tables())
        return next((entry.value for entry in entries if entry is not None), None)

    def names(self) -> Iterator[tuple[str, str]]:
        for table in self._tables():
            for entry in table.entries():
                if isinstance(entry.key, bytes) and entry.key.startswith(self._prefix):
                    first, slash, second = (
                        entry.key[len(self._prefix) :].decode("utf-8", "replace").partition("/")
                    )
                    if slash:
                        yield first, second


class Statistics(Mapping[tuple[str, str], ToolStatistics]):
    """What the learner knows of each tool, by (server, tool)."""

    def __init__(self, lease: Lease) -> None:
        self._published = _Published(lease, "stat")

    def __getitem__(self, names: tuple[str, str]) -> ToolStatistics:
        value = self._published.value(names)
        found = None if value is None else ToolStatistics.decoded(value)
        if found is None:
            raise KeyError(names)
        return found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return self._published.names()

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Predictions(Mapping[tuple[str, str], dict[str, Any]]):
    """The predictions that hold, by (task, subject), as they were published."""

    def __init__(self, lease: Lease) -> None:
        self._published = _Published(lease, "prediction")

    def __getitem__(self, names: tuple[str, str]) -> dict[str, Any]:
        value = self._published.value(names)
        try:
            found = None if value is None else json.loads(value)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise KeyError(names)
        return found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return self._published.names()

    def __len__(self) -> int:
        return sum(1 for _ in self)
