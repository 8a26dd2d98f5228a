"""The golden table: the bytes that the gateway's own tests write, and what every reader has to find there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import attune
from attune.layout import SectionKind
from attune.names import NameKind
from attune.segment import Segment
from attune.table import Key, StateTable

FOLDER = Path(__file__).resolve().parents[2] / "Tests/IPC/Golden"


@pytest.fixture
def contents() -> dict[str, Any]:
    return json.loads((FOLDER / "table.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture
def folder(directory: Path) -> Path:
    place = directory / "core.segment"
    shutil.copy(FOLDER / "table.segment", place)
    place.chmod(0o600)
    return directory


@pytest.fixture
def table(folder: Path) -> StateTable:
    found = Segment.open(folder / "core.segment")
    return StateTable(found, found.sections(SectionKind.TABLE)[0])


def key_of(text: str) -> Key:
    return int(text[1:]) if text.startswith("#") else bytes.fromhex(text)


def test_every_entry_is_found_by_its_key(table: StateTable, contents: dict[str, Any]) -> None:
    assert table.seed == contents["seed"]
    for known in contents["entries"]:
        entry = table.get(key_of(known["key"]))
        assert entry is not None
        assert entry.value.hex() == known["value"]
        assert (entry.version, entry.expiry) == (known["version"], known["expiry"])


def test_every_entry_is_found_by_going_through_all(table: StateTable, contents: dict[str, Any]) -> None:
    found = {entry.key: entry.value.hex() for entry in table.entries()}
    assert found == {key_of(known["key"]): known["value"] for known in contents["entries"]}


def test_what_is_absent_is_not_found(table: StateTable, contents: dict[str, Any]) -> None:
    for key in contents["absent"]:
        assert table.get(key.encode()) is None


def test_every_name_is_found(folder: Path, contents: dict[str, Any]) -> None:
    with attune.Region.attach(folder) as region:
        for name in contents["names"]:
            assert region.names[name["id"]] == name["text"]
            assert region.names.kind(name["id"]) == NameKind(name["kind"])
            assert region.names.find(name["text"], NameKind(name["kind"])) == name["id"]
