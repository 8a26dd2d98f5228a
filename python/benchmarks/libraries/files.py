"""The files of an evaluation, read in the order of `attune evaluate`, and splits of recorded traffic."""

from __future__ import annotations

import gzip
import hashlib
import json
import pathlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Session = list[Row]

#: The file of recorded traffic that each task reads, the field that it is split by, and a file beside it.
RECORDED = {
    "next-tool": (("events.dev", "agentdojo.dev"), "session_id"),
    "failure": (("mcpmark_runs.dev",), "task"),
    "latency": (("mcpmark_runs.dev",), "task"),
    "cacheability": (("agentdojo.dev",), "session_id"),
    "anomaly-result": (("agentdojo.dev",), "session_id"),
    "anomaly-session": (("agentdojo.dev",), "session_id"),
    "retrieve": (("retrieval_queries.dev",), "qid"),
    "cluster": (("apollo.dev",), None),
    "bandit": (("mcpmark_runs.dev",), None),
    "series": (("nab.dev",), None),
    "ab": (("mcpmark_runs.dev",), None),
}


@dataclass
class Files:
    """What `attune evaluate` was given, and what bounds the libraries' work."""

    data: list[str] = field(default_factory=list)
    warm: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    catalog: list[str] = field(default_factory=list)
    frozen: bool = False
    clean_warm: bool = False
    datasets: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    seeds: int = 3
    rounds: int = 15_000

    def arguments(self) -> list[str]:
        """Those of `attune evaluate`."""
        found = ["--frozen"] * self.frozen + ["--clean-warm"] * self.clean_warm
        for flag, paths in (
            ("--data", self.data),
            ("--warm", self.warm),
            ("--sessions", self.sessions),
            ("--catalog", self.catalog),
        ):
            for path in paths:
                found += [flag, path]
        return found

    def wants(self, method: str) -> bool:
        return not self.methods or method in self.methods


def rows(paths: list[str]) -> Iterator[Row]:
    for path in paths:
        with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
            for line in file:
                yield json.loads(line)


def order(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def sessions(paths: list[str]) -> dict[str, list[Session]]:
    """The sessions of each data set, in the order of the SHA-256 of their ids."""
    found: dict[str, dict[str, Session]] = defaultdict(lambda: defaultdict(list))
    for row in rows(paths):
        if "tool" in row:
            found[row.get("dataset", "traffic")][row["session_id"]].append(row)
    return {
        name: [calls for _, calls in sorted(some.items(), key=lambda item: order(item[0]))]
        for name, some in found.items()
    }


def outcomes(paths: list[str]) -> dict[str, list[Row]]:
    """Calls or runs of each data set as agent, server, tool, whether they failed and their seconds."""
    found: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in rows(paths):
        is_call = "tool" in row
        micros = row.get("upstream_us") or row.get("duration_us")
        failed = row.get("is_error") if is_call else row.get("success") == 0
        outcome = {
            "agent": row.get("model", ""),
            "server": row.get("server" if is_call else "service", ""),
            "tool": row["tool" if is_call else "task"],
            "failed": failed,
            "seconds": micros / 1e6 if micros else row.get("time_s"),
        }
        key = order(row["session_id"]) if row.get("session_id") else "~"
        found[row.get("dataset", "traffic" if is_call else "mcpmark")].append((key, outcome))
    return {name: [row for _, row in sorted(some, key=lambda one: one[0])] for name, some in found.items()}


def split(task: str, recorded: pathlib.Path, number: int, into: pathlib.Path) -> Files:
    """Recorded traffic as 70 % to learn first and 30 % to score, by a hash of the key."""
    names, key = RECORDED[task]
    catalogs = sorted(str(path) for path in recorded.glob("catalog.*") if "toucan" not in path.name)
    files = Files(
        sessions=[str(recorded / "sessions.dev.jsonl.gz")] if task in ("next-tool", "cluster") else [],
        catalog=catalogs if task == "retrieve" else [],
        frozen=task.startswith("anomaly"),
        clean_warm=task.startswith("anomaly"),
    )
    paths = [str(recorded / f"{name}.jsonl.gz") for name in names]
    if key is None:
        files.data = paths
        return files
    parts = {True: into / "warm.jsonl", False: into / "data.jsonl"}
    with parts[True].open("w") as warm, parts[False].open("w") as data:
        for row in rows(paths):
            is_warm = int(order(f"own{number}{row[key]}")[:8], 16) % 10 < 7
            (warm if is_warm else data).write(json.dumps(row) + "\n")
    files.warm, files.data = [str(parts[True])], [str(parts[False])]
    return files
