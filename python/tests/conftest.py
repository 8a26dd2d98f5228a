"""Regions in directories and memory files, written by this process or another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import attune
from writer import Core


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A private directory for a region in files."""
    place = tmp_path / "region"
    place.mkdir(mode=0o700)
    return place


@pytest.fixture
def core(directory: Path) -> Core:
    """A live core of this process, with room for 1,024 records."""
    return Core(directory / "core.segment", table=65536).live()  # type: ignore[return-value]


@pytest.fixture
def region(core: Core, directory: Path) -> Iterator[attune.Region]:
    """A region attached to `core` before it published anything."""
    with attune.Region.attach(directory) as attached:
        yield attached


Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Starts Python programs that end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(attune.__file__).parents[1]}"},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def other_core(directory: Path, spawn: Spawn) -> Callable[..., subprocess.Popen[str]]:
    """Starts a core in another process and waits until it is live."""

    def start(records: int = 0, capacity: int = 1024) -> subprocess.Popen[str]:
        process = spawn(
            str(Path(__file__).with_name("writer.py")), str(directory), str(records), str(capacity)
        )
        assert process.stdout is not None
        assert process.stdout.readline().startswith("live")
        return process

    return start
