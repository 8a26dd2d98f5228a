"""The golden segments: the bytes that the gateway's own tests write, and those of version 1 of the layout,
which nobody writes any more; and what every reader has to find in them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import attune
from attune import layout, observations, segment, worker
from attune.commands import CommandReader
from attune.layout import SectionKind
from attune.names import CoreNames

FOLDER = Path(__file__).resolve().parents[2] / "Tests/IPC/Golden"


@pytest.fixture(params=["core", "core-2"])
def golden(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def contents(golden: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{golden}.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture
def region_of_old(directory: Path, golden: str) -> Path:
    place = directory / "core.segment"
    shutil.copy(FOLDER / f"{golden}.segment", place)
    place.chmod(0o600)
    return directory


def test_the_header_is_what_the_golden_file_says(region_of_old: Path, contents: dict[str, Any]) -> None:
    found = segment.Segment.open(region_of_old / "core.segment")
    header = found.header
    assert header.layout_version == contents["layout_version"]
    assert header.kind == contents["kind"]
    assert header.name == contents["name"]
    assert header.bytes == contents["bytes"]
    assert header.generation == contents["generation"]
    assert header.boot_id.hex() == contents["boot_id"]
    assert {"pid": header.owner.pid, "start_ticks": header.owner.start_ticks} == contents["owner"]
    assert header.description == contents["record_description"]
    assert [
        {
            "kind": s.kind,
            "index": s.index,
            "offset": s.offset,
            "bytes": s.bytes,
            "record_bytes": s.record_bytes,
            "capacity": s.capacity,
        }
        for s in header.sections
    ] == contents["sections"]
    assert found.state == contents["state"]


def test_every_field_of_every_record_is_found(region_of_old: Path, contents: dict[str, Any]) -> None:
    expected = contents["observations"]
    ring = observations.rings(segment.Segment.open(region_of_old / "core.segment"), CoreNames([]))[0]
    assert ring.published == expected["published"]
    reader = observations.RingReader(ring, 0)
    found = []
    lost = 0
    for batch in reader.take(100):
        lost += batch.lost
        for record in batch.records:
            values = {name: int(record[name]) for name in layout.RECORD.names or ()}
            found.append({k: v for k, v in values.items() if not k.startswith("zero_")})
    assert lost == expected["lost_from_the_beginning"]
    assert found == expected["records"]


def test_every_payload_is_found(region_of_old: Path, contents: dict[str, Any]) -> None:
    with attune.Region.attach(region_of_old) as region:
        payloads = [
            region.payload(record)
            for batch in region.ring_buffer.observations(start="oldest", timeout=0)
            for record in batch.records
        ]
    found = [None if p is None else {"params": p.params.hex(), "result": p.result.hex()} for p in payloads]
    assert found == contents["payloads"]


def test_every_command_is_found(region_of_old: Path, contents: dict[str, Any]) -> None:
    found = segment.Segment.open(region_of_old / "core.segment")
    sections = {s.index: s for s in found.sections(SectionKind.COMMANDS)}
    for lane in contents["lanes"]:
        reader = CommandReader(found, sections[lane["lane"]], from_start=True)
        reader.position = lane["start"]
        reader._sequence = None
        messages = []
        while (message := reader.take()) is not None:
            messages.append({"kind": message.kind, "sequence": message.sequence, "body": message.body.hex()})
        assert messages == lane["commands"]
        assert reader.position == lane["published"]


def test_every_cursor_is_found(region_of_old: Path, contents: dict[str, Any]) -> None:
    found = segment.Segment.open(region_of_old / "core.segment")
    words = found.words(found.sections(SectionKind.CURSORS)[0])
    for slot, cursor in enumerate(contents["cursors"]):
        names = ("stream", "generation", "position", "lost", "moved")
        assert dict(zip(names, words[slot * 8 : slot * 8 + 5], strict=True)) == cursor


@pytest.mark.parametrize("place", [12, 40, 100, 130, 4095])
def test_damage_to_a_header_of_version_2_is_noticed(directory: Path, place: int) -> None:
    damaged = bytearray((FOLDER / "core-2.segment").read_bytes())
    damaged[place] ^= 0x10
    file = directory / "core.segment"
    file.write_bytes(damaged)
    file.chmod(0o600)
    with pytest.raises(attune.DamagedHeader):
        segment.Segment.open(file)


def test_a_workers_own_segment_is_of_version_2_and_tells_what_was_read(directory: Path) -> None:
    own = worker.WorkerSegment.file(directory)
    assert own.path is not None
    header = segment.Segment.open(own.path).header
    assert header.layout_version == layout.WRITTEN_LAYOUT
    writer = own.writers[0]
    writer.put(1, b"first", 0)
    writer.put(1, b"second", 32)
    assert segment.Segment.open(own.path).words(header.sections[0])[8] == 32
    own.retire()
