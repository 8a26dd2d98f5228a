"""Where things are, and which of them are there."""

import os
import pathlib
import socket
import time
from collections.abc import Callable
from typing import TypeVar

ROOT = pathlib.Path(__file__).resolve().parents[3]
SUITE = ROOT / "Tests" / "EndToEnd"
SHARED = ROOT.parent / "shared"
NEEDS_SHARED = "needs ../shared"

LEGACY_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN_VERSION = "2026-07-28"

#: So often a gateway is killed amid calls; a third where a kill takes longer. `make soak` has more.
GATEWAY_KILLS = int(os.environ.get("ATTUNE_GATEWAY_KILLS", "24"))


def binary() -> pathlib.Path:
    """The program under test: $ATTUNE_BINARY, else the release build, else the debug build."""
    named = os.environ.get("ATTUNE_BINARY")
    places = (
        [pathlib.Path(named).resolve()]
        if named
        else [ROOT / ".build" / "release" / "attune", ROOT / ".build" / "debug" / "attune"]
    )
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(f"no attune at {', '.join(map(str, places))}; run `make release`")


def program(environment: str, name: str) -> str:
    """A program of one of the Python environments."""
    return str(ROOT / ".venv" / environment / "bin" / name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


Value = TypeVar("Value")


def eventually(check: Callable[[], Value], seconds: float = 10, what: str = "the condition") -> Value:
    """The first true value of `check`, asked again and again; an AssertionError if none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds} s; last: {value!r}"
        time.sleep(0.02)
