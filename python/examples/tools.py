"""The tools of live traffic, numbered by their names.

A tool keeps its number when the gateway restarts, while the ids in records are those of the gateway that
wrote them.
"""

from __future__ import annotations

import numpy as np

import attune


class Tools:
    """Numbers from 0 on, and the names SERVER/TOOL that they stand for; as many as the gateway has had."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def calls(self, batch: attune.Batch) -> np.ndarray:
        """The calls of named tools in a batch, copied; in the field `tool` they have the tool's number."""
        calls = batch.copy()
        pairs, which = np.unique(calls[["server", "tool"]], return_inverse=True)
        numbers = np.array([self._number(batch.names, *pair) for pair in pairs.tolist()], dtype=np.int64)
        tools = numbers[which]
        calls["tool"] = np.maximum(tools, 0)
        named: np.ndarray = calls[tools >= 0]
        return named

    def _number(self, names: attune.Names, server: int, tool: int) -> int:
        if server not in names or tool not in names:
            return -1
        name = f"{names[server]}/{names[tool]}"
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]
