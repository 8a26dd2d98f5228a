"""Which segments are refused before anything in them is used."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attune
from attune import checksum, layout
from attune.attachment import Attachment
from attune.segment import Header, Segment, read_header
from writer import DESCRIPTION, Core, Writer


def attach(writer: Writer) -> Segment:
    return Segment(writer.fd, writer.name, sealed=True)


def test_a_sound_segment_tells_who_wrote_it() -> None:
    core = Core(loops=2)
    found = attach(core)
    assert found.header.kind is layout.SegmentKind.CORE
    assert found.header.name == "core"
    assert found.header.owner.pid == os.getpid()
    assert found.header.owner.alive
    assert found.generation == core.generation
    assert [s.index for s in found.sections(layout.SectionKind.OBSERVATIONS)] == [0, 1]
    assert found.heartbeat_age < 60


def test_the_record_is_described_as_the_header_says() -> None:
    assert layout.matches(DESCRIPTION)
    assert layout.matches(DESCRIPTION.replace(":u1:", ":|u1:"))
    assert not layout.matches(DESCRIPTION.replace("tool:<u4:36", "tool:<u4:40"))
    assert not layout.matches(DESCRIPTION.replace("tool:<u4:36,", ""))
    assert not layout.matches("tool")
    assert not layout.matches("tool:zz:1,")
    assert layout.RECORD.itemsize == 128


def test_a_file_that_is_no_segment_is_refused(tmp_path: Path) -> None:
    for size in (0, 100, 4096, 8192):
        file = tmp_path / "core.segment"
        file.write_bytes(b"x" * size)
        file.chmod(0o600)
        with pytest.raises(attune.NotASegment):
            attune.Region.attach(tmp_path)
        with pytest.raises(attune.NotASegment):
            attune.Region.attach(file)


def test_a_missing_region_is_named(tmp_path: Path) -> None:
    with pytest.raises(attune.GatewayNotFound, match=r"core\.segment"):
        attune.Region.attach(tmp_path)


def test_a_pipe_in_the_place_of_a_segment_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "core.segment", 0o600)
    with pytest.raises(attune.NotASegment):
        attune.Region.attach(tmp_path)


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    Core(tmp_path / "other.segment").live()
    (tmp_path / "core.segment").symlink_to(tmp_path / "other.segment")
    with pytest.raises(attune.AttachError):
        attune.Region.attach(tmp_path)


def test_a_file_that_others_may_change_is_refused(directory: Path, core: Core) -> None:
    (directory / "core.segment").chmod(0o640)
    with pytest.raises(attune.NotPrivate, match="0640"):
        attune.Region.attach(directory)


def test_an_unknown_layout_version_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(attune.UnsupportedLayout, match="version 9 is unknown.*install") as caught:
        attach(Core(version=9))
    assert caught.value.version == 9
    assert caught.value.supported == (1, 2)


def test_a_size_that_is_not_the_files_is_refused() -> None:
    core = Core()
    core.words[2] += 4096
    with pytest.raises(attune.WrongSize) as caught:
        attach(core)
    assert caught.value.header_bytes == caught.value.file_bytes + 4096


def test_a_record_with_other_fields_is_refused() -> None:
    with pytest.raises(attune.UnsupportedRecord):
        attach(Core(description=DESCRIPTION.replace("tool:<u4:36", "tool:<u4:32")))


@pytest.mark.parametrize("code", ["<08", "<a8", "(2", "<u8\x01", "O", "", "<u" + "9" * 500])
def test_a_format_that_numpy_cannot_read_is_refused(code: str) -> None:
    """NumPy's parser raises a SyntaxError for the first, which is no `AttuneError`."""
    with pytest.raises(attune.UnsupportedRecord):
        attach(Core(description=DESCRIPTION.replace("sequence:<u8:0", f"sequence:{code}:0")[:890]))


@pytest.mark.parametrize("state", [0, 2, 77])
def test_a_segment_that_is_not_live_is_refused(state: int) -> None:
    with pytest.raises(attune.NotLive) as caught:
        attach(Core(state=state))
    assert caught.value.state == state


@pytest.mark.parametrize("seals", [None, 0x0004, 0x0002])
def test_a_descriptor_that_could_shrink_is_refused(seals: int | None) -> None:
    with pytest.raises(attune.NotSealed):
        attach(Core(seals=seals))


def section(core: Core, entry: int, /, **fields: int) -> None:
    """Changes fields of an entry of the directory."""
    places = {"kind": ("<I", 0), "index": ("<I", 4), "offset": ("<Q", 8), "bytes": ("<Q", 16)}
    places |= {"record": ("<Q", 24), "capacity": ("<Q", 32)}
    for name, value in fields.items():
        code, at = places[name]
        struct.pack_into(code, core.map, 128 + 48 * entry + at, value)


@pytest.mark.parametrize(
    ("index", "fields"),
    [
        (0, {"kind": 99}),
        (0, {"offset": 0}),
        (0, {"offset": 4097}),
        (0, {"offset": 1 << 40}),
        (0, {"offset": (1 << 64) - 4096}),
        (0, {"bytes": 1 << 40}),
        (0, {"bytes": (1 << 64) - 1}),
        (0, {"bytes": 0}),
        (0, {"bytes": 128}),
        (0, {"record": 64}),
        (0, {"capacity": 0}),
        (0, {"capacity": 3}),
        (0, {"capacity": 2048}),
        (0, {"capacity": 1 << 63}),
        (1, {"capacity": 65}),
        (1, {"capacity": 1 << 30}),
        (1, {"offset": 4096}),
        (2, {"bytes": 100}),
        (2, {"kind": 1, "index": 0}),
    ],
)
def test_a_section_that_cannot_be_is_refused(index: int, fields: dict[str, int]) -> None:
    core = Core()
    section(core, index, **fields)
    with pytest.raises(attune.BadSection):
        attach(core)


def test_too_many_sections_are_refused() -> None:
    core = Core()
    struct.pack_into("<I", core.map, 64, 65)
    with pytest.raises(attune.BadSection):
        attach(core)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=30),
    noise=st.none() | st.integers(0, 2**32),
)
def test_no_header_does_more_than_raise_its_error(changes: list[tuple[int, int]], noise: int | None) -> None:
    page = bytearray(TEMPLATE.map[:])
    if noise is not None:
        page[12:4096] = random.Random(noise).randbytes(4084)
    for place, value in changes:
        page[place] = value
    try:
        assert isinstance(read_header(memoryview(page), "core"), Header)
    except attune.SegmentError as error:
        assert str(error).startswith("segment core: ")


TEMPLATE = Core(records=16, payload=4096)


def test_every_exception_is_one_of_the_package() -> None:
    for name in attune.__all__:
        thing = getattr(attune, name)
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert issubclass(thing, attune.AttuneError)


def test_a_damaged_table_leaves_the_rest_readable() -> None:
    core = Core(table=65536)
    attachment = Attachment(attach(core), None)
    assert attachment.core_tables == []
    assert len(attachment.rings) == 1


@pytest.mark.parametrize(
    ("text", "seed", "digest"),
    [
        (b"", 0, 0xEF46DB3751D8E999),
        (b"a", 0, 0xD24EC4F1A98C6E5B),
        (b"abc", 0, 0x44BC2CF5AD770999),
        (b"Nobody inspects the spammish repetition", 0, 0xFBCEA83C8A378BF1),
        (b"", 2654435761, 0xAC75FDA2929B17EF),
    ],
)
def test_xxh64_is_that_of_its_authors(text: bytes, seed: int, digest: int) -> None:
    assert checksum.xxh64(text, seed) == digest
