"""State tables, names, statistics and predictions, read while another writes them."""

from __future__ import annotations

import json
import struct
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attune
from attune.names import NameKind
from attune.segment import Segment
from attune.table import StateTable
from writer import Core, Learner, Table


@pytest.fixture
def table(core: Core) -> Table:
    return Table(core)


@pytest.fixture
def attached(core: Core, table: Table, directory: Path) -> Iterator[attune.Region]:
    with attune.Region.attach(directory) as region:
        yield region


def test_values_are_found_under_texts_bytes_and_numbers(table: Table, attached: attune.Region) -> None:
    table.put(b"session/1", b"state of a session")
    table.put(b"", b"of the empty key")
    table.put(7, b"short")
    table.put(8, b"a value that does not fit into the slot")
    cache = attached.state_cache
    assert isinstance(cache, Mapping)
    assert cache["session/1"] == cache[b"session/1"] == b"state of a session"
    assert cache[""] == b"of the empty key"
    assert cache[7] == b"short"
    assert cache[8] == b"a value that does not fit into the slot"
    assert "session/1" in cache
    assert "session/2" not in cache
    assert 9 not in cache
    assert -1 not in cache
    assert 2**70 not in cache
    assert b"x" * 300 not in cache
    assert set(cache) == {"session/1", "", 7, 8}
    assert len(cache) == 4
    with pytest.raises(KeyError):
        cache["nothing"]


def test_a_new_value_has_a_new_version(table: Table, attached: attune.Region) -> None:
    table.put(b"k", b"one")
    first = attached.state_cache.entry("k")
    table.put(b"k", b"two")
    second = attached.state_cache.entry("k")
    assert first is not None
    assert second is not None
    assert (first.value, second.value) == (b"one", b"two")
    assert second.version > first.version


def test_an_expired_value_is_absent(table: Table, attached: attune.Region) -> None:
    table.put(b"old", b"1", expiry=time.monotonic_ns() - 1)
    table.put(b"new", b"2", expiry=time.monotonic_ns() + 10**12)
    assert "old" not in attached.state_cache
    assert attached.state_cache["new"] == b"2"
    assert list(attached.state_cache) == ["new"]


def test_a_value_whose_writer_was_killed_counts_as_absent(
    core: Core, table: Table, attached: attune.Region
) -> None:
    slot = table.put(b"k", b"value")
    table.put(b"other", b"there")
    core.words[table.word(slot, 0)] |= 1
    assert "k" not in attached.state_cache
    assert list(attached.state_cache) == ["other"]


def test_a_chain_that_goes_round_ends(core: Core, directory: Path) -> None:
    table = Table(core, buckets=2, slots=8)
    slots = [table.put(b"key-%d" % i, b"v") for i in range(6)]
    for slot in slots:
        core.words[table.word(slot, 2)] = slot + 1
    with attune.Region.attach(directory) as region:
        for i in range(6):
            assert region.state_cache.get(f"key-{i}") in (None, b"v")
        assert "missing" not in region.state_cache


def test_names_say_what_ids_mean(core: Core, table: Table, attached: attune.Region) -> None:
    table.name(1, 1, "files")
    table.name(2, 2, "files__read")
    table.name(3, 2, "Würfel")
    table.put(b"name/\x02files__read", (2).to_bytes(8, "little"))
    core.append(1, tool=2)
    [(records, _)] = attached.ring_buffer.observations(timeout=0)
    names = attached.names
    assert names[records["tool"][0]] == "files__read"
    assert names[1] == "files"
    assert names[3] == "Würfel"
    assert names.kind(1) is NameKind.SERVER
    assert names.find("files__read", NameKind.TOOL) == 2
    assert names.find("files__read", NameKind.SERVER) is None
    assert dict(names) == {1: "files", 2: "files__read", 3: "Würfel"}
    assert 0 not in names
    assert 4 not in names
    assert "files" not in names
    assert names.get(2**40) is None


def test_a_table_of_a_learner_is_read_behind_the_cores(core: Core, directory: Path) -> None:
    Table(core).put(b"both", b"core")
    learner = Learner(directory / "learner.segment", table=65536)
    own = Table(learner)
    own.put(b"both", b"learner")
    own.put(b"prediction/latency/git/log", b'{"task":"latency","value":3}')
    own.put(b"prediction/broken/x", b"[")
    numbers = [*range(1, 9), *(i + 0.5 for i in range(10))]
    value = struct.pack("<II8Q10dQ", 1, 160, *numbers, 0)
    own.put(b"stat/git/log", value)
    own.put(b"stat/git/bad", value[:-1])
    learner.live()
    with attune.Region.attach(directory) as region:
        assert region.state_cache["both"] == b"core"
        assert region.predictions["latency", "git/log"]["value"] == 3
        assert sorted(region.predictions) == [("broken", "x"), ("latency", "git/log")]
        assert region.predictions.get(("broken", "x")) is None
        found = region.statistics["git", "log"]
        assert (found.calls, found.errors, found.longest_us) == (1, 2, 8)
        assert (found.mean_us, found.p99_us, found.errors_per_s) == (0.5, 4.5, 9.5)
        assert region.statistics.get(("git", "bad")) is None
        assert region.statistics.get(("git", "none")) is None
        assert {e.key for e in region.state_cache.entries("stat/")} == {b"stat/git/log", b"stat/git/bad"}


_WRITE = """
import sys, time
from pathlib import Path
from writer import Core, Table
core = Core(Path(sys.argv[1]) / "core.segment", records=16, payload=4096, table=1 << 20)
table = Table(core)
# Two blocks that take turns, so that the segment lasts; the last word of a value says what all others are.
for key in (b"k", b"l"):
    table.put(key, b"\\0" * 4096)
places = {key: table.free for key in (b"k", b"l")}
core.live()
print("live", flush=True)
n = 0
while True:
    n += 1
    for key in (b"k", b"l"):
        table.free = (1 << 18) + (n % 2) * 8192
        table.put(key, (n & (2**64 - 1)).to_bytes(8, "little") * (1 + n % 500))
"""


def test_no_value_is_ever_torn(
    directory: Path, spawn: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = spawn("-c", _WRITE, str(directory))
    assert process.stdout is not None
    process.stdout.readline()
    seen = set()
    with attune.Region.attach(directory) as region:
        for _ in range(300_000):
            if len(seen) > 20:
                break
            entry = region.state_cache.entry("k")
            if entry is None:
                continue
            words = struct.unpack(f"<{len(entry.value) // 8}Q", entry.value)
            assert len(set(words)) == 1
            seen.add(words[0])
    assert len(seen) > 20


@settings(max_examples=150, deadline=None)
@given(noise=st.binary(max_size=4096), place=st.integers(0, 16000), head=st.booleans())
def test_no_table_does_more_than_answer_that_there_is_nothing(noise: bytes, place: int, head: bool) -> None:
    core = Core(records=16, payload=4096, table=16384)
    table = Table(core, buckets=16, slots=32)
    for i in range(20):
        table.put(b"key-%d" % i, b"value" * i)
    segment = Segment(core.fd, "core", sealed=True)
    section = next(s for s in segment.header.sections if s.kind == 4)
    first = max(place, 0 if head else 4096) % 16384
    end = min(first + len(noise), 16384)
    core.map[table.start + first : table.start + end] = noise[: end - first]
    try:
        found = StateTable(segment, section)
    except ValueError:
        return
    for i in range(20):
        entry = found.get(b"key-%d" % i)
        assert entry is None or entry.key == b"key-%d" % i
    for entry in found.entries():
        assert isinstance(entry.value, bytes)


def test_values_are_json_only_where_they_are(table: Table, attached: attune.Region) -> None:
    table.put(b"advice/1", json.dumps({"a": 1}).encode())
    assert json.loads(attached.state_cache["advice/1"]) == {"a": 1}
