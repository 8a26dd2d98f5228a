"""What a reader gets out of the observation rings."""

from __future__ import annotations

import asyncio
import gc
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attune
from attune import observations, segment
from attune.layout import SectionKind
from attune.names import CoreNames
from writer import Core


def taken(region: attune.Region, **options: object) -> list[attune.Batch]:
    return list(region.ring_buffer.observations(timeout=0, **options))  # type: ignore[arg-type]


def test_records_are_read_in_place(core: Core, region: attune.Region) -> None:
    core.append(5)
    [(records, lost)] = taken(region)
    assert lost == 0
    assert len(records) == 5
    assert records.itemsize == 128
    assert not records.flags.owndata
    assert not records.flags.writeable
    assert records["sequence"].tolist() == [1, 2, 3, 4, 5]
    assert records["tool"].tolist() == [2, 3, 4, 2, 3]
    assert region.valid(records).all()
    with pytest.raises(ValueError, match="read-only"):
        records["tool"] = 1


def test_iteration_begins_where_the_region_was_attached(directory: Path) -> None:
    core = Core(directory / "core.segment").live()
    assert isinstance(core, Core)
    core.append(3)
    with attune.Region.attach(directory) as region:
        core.append(2)
        assert [b.records["sequence"].tolist() for b in taken(region)] == [[4, 5]]
        assert [b.records["sequence"].tolist() for b in taken(region)] == [[4, 5]]
        assert [b.records["sequence"].tolist() for b in taken(region, start="oldest")] == [[1, 2, 3, 4, 5]]
        assert taken(region, start="now") == []


def test_a_batch_ends_where_the_ring_wraps(core: Core, region: attune.Region) -> None:
    stream = region.ring_buffer.observations(timeout=0)
    core.append(1000)
    assert len(next(stream).records) == 1000
    core.append(50)
    pieces = [batch.records["sequence"].tolist() for batch in stream]
    assert pieces == [list(range(1001, 1025)), list(range(1025, 1051))]


def test_losses_are_counted_exactly(core: Core, region: attune.Region) -> None:
    core.append(1024 + 17)
    batches = taken(region)
    assert [batch.lost for batch in batches] == [17, 0]
    assert sum(len(batch.records) for batch in batches) == 1024
    assert batches[0].records["sequence"][0] == 18


def test_claimed_slots_count_as_lost_before_they_are_overwritten(core: Core, region: attune.Region) -> None:
    core.append(1024)
    core.claim(24)
    batches = taken(region)
    assert batches[0].lost == 24
    assert sum(len(batch.records) for batch in batches) == 1000


def test_records_that_are_overwritten_while_in_use_are_counted(core: Core, region: attune.Region) -> None:
    core.append(1024)
    stream = region.ring_buffer.observations(timeout=0)
    records, _ = next(stream)
    core.append(100)
    assert records["sequence"][0] == 1025
    rest = list(stream)
    assert region.ring_buffer.overwritten == 100
    assert sum(len(batch.records) for batch in rest) == 100


def test_a_copy_leaves_out_what_was_overwritten_before_it(core: Core, region: attune.Region) -> None:
    core.append(1000)
    [batch] = taken(region)
    core.append(124)
    assert batch.copy()["sequence"].tolist() == list(range(101, 1001))
    core.claim(200)
    assert batch.copy()["sequence"].tolist() == list(range(301, 1001))
    core.append(2000)
    assert len(batch.copy()) == 0


def test_a_damaged_record_is_left_out_and_counted(core: Core, region: attune.Region) -> None:
    core.append(10)
    core.map[core.places[1, 0] + 256 + 4 * 128 + 60] ^= 1
    batches = taken(region)
    assert [batch.records["sequence"].tolist() for batch in batches] == [[1, 2, 3, 4], [6, 7, 8, 9, 10]]
    assert [batch.lost for batch in batches] == [0, 1]


def test_a_record_of_an_earlier_lap_is_no_record_of_this_one(core: Core, region: attune.Region) -> None:
    core.append(1024)
    assert len(taken(region)) == 1
    # Published without having been written: what stands there is whole, but of the lap before.
    core.words[core.places[1, 0] // 8] = 1026
    stream = taken(region)
    assert sum(batch.lost for batch in stream) == 2 + 2
    assert sum(len(batch.records) for batch in stream) == 1022


def test_losses_without_a_record_behind_them_are_told_too(core: Core, region: attune.Region) -> None:
    core.append(2)
    core.map[core.places[1, 0] + 256 + 128] ^= 1
    first, second = taken(region)
    assert (len(first.records), first.lost) == (1, 0)
    assert (len(second.records), second.lost) == (0, 1)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=20))
def test_delivered_and_lost_add_up_to_published(steps: list[tuple[int, int]]) -> None:
    core = Core(records=16)
    ring = observations.rings(segment.Segment(core.fd, "core", sealed=True), CoreNames([]))[0]
    reader = observations.RingReader(ring, 0)
    seen: list[int] = []
    lost = 0
    for count, limit in steps:
        core.append(count)
        for batch in reader.take(limit):
            lost += batch.lost
            seen += batch.records["sequence"].tolist()
    for _ in range(20):
        for batch in reader.take(100):
            lost += batch.lost
            seen += batch.records["sequence"].tolist()
    assert len(seen) + lost == core.published[0]
    assert seen == sorted(set(seen))


def test_all_loops_are_read(directory: Path) -> None:
    core = Core(directory / "core.segment", loops=3).live()
    assert isinstance(core, Core)
    with attune.Region.attach(directory) as region:
        core.append(2, loop=0)
        core.append(3, loop=2)
        assert {int(b.records["loop"][0]): len(b.records) for b in taken(region)} == {0: 2, 2: 3}
        assert region.ring_buffer.published == {0: 2, 1: 0, 2: 3}


def test_batches_keep_to_their_limit(core: Core, region: attune.Region) -> None:
    core.append(100)
    assert [len(batch.records) for batch in taken(region, limit=30)] == [30, 30, 30, 10]


def test_async_iteration_lets_other_tasks_run(core: Core, region: attune.Region) -> None:
    async def read() -> int:
        async def write() -> None:
            for _ in range(10):
                core.append(10)
                await asyncio.sleep(0.002)

        writing = asyncio.create_task(write())
        total = 0
        async for batch in region.observations_async():
            total += len(batch.records) + batch.lost
            if total == 100:
                break
        await writing
        return total

    assert asyncio.run(read()) == 100


@pytest.mark.parametrize("ending", ["break", "cancel"])
def test_an_async_iteration_that_ends_early_frees_its_cursors(
    core: Core, directory: Path, region: attune.Region, ending: str
) -> None:
    region.message_queue.put({})
    own = segment.Segment.open(directory / "worker-0.segment")
    words = own.words(own.sections(SectionKind.CURSORS)[0])

    async def read() -> None:
        async for batch in region.observations_async():
            # The cursor is written behind the batch: the second one tells of the first.
            core.append(1)
            if ending == "break" and int(batch.records["sequence"][-1]) > 3 and words[0]:
                break

    async def cancelled() -> None:
        reading = asyncio.create_task(read())
        while not words[0]:
            await asyncio.sleep(0.001)
        assert words[0] == 1 << 32
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    core.append(1)
    asyncio.run(read() if ending == "break" else cancelled())
    assert words[0] == 0


def test_records_stay_readable_when_the_region_is_gone(core: Core, directory: Path) -> None:
    region = attune.Region.attach(directory)
    core.append(5)
    [(records, _)] = taken(region)
    region.close()
    del region
    gc.collect()
    assert records["sequence"].tolist() == [1, 2, 3, 4, 5]


def test_an_iterator_keeps_its_region(core: Core, directory: Path) -> None:
    stream = attune.Region.attach(directory).ring_buffer.observations(timeout=2)
    gc.collect()
    core.append(1)
    assert len(next(stream).records) == 1


def test_closing_ends_an_iteration(core: Core, directory: Path) -> None:
    region = attune.Region.attach(directory)
    core.append(1)
    count = 0
    for _ in region.ring_buffer.observations():
        count += 1
        region.close()
    assert count == 1


def test_a_writer_in_another_process_is_followed_without_a_gap(
    directory: Path, other_core: Callable[..., subprocess.Popen[str]]
) -> None:
    total = 20_000
    other_core(total, 4096)
    with attune.Region.attach(directory) as region:
        delivered = lost = 0
        previous = 0
        for batch in region.ring_buffer.observations(start="oldest", timeout=10):
            whole = batch.copy()["sequence"].astype(np.int64)
            delivered += len(batch.records)
            lost += batch.lost
            if len(whole):
                assert (np.diff(whole) == 1).all()
                assert whole[0] > previous
                previous = int(whole[-1])
            if delivered + lost >= total:
                break
        # "oldest" may begin behind records that were overwritten before the region was attached.
        assert delivered + lost <= total
        assert region.ring_buffer.published == {0: total}
        assert previous == total


def test_a_payload_is_its_params_and_its_result(core: Core, region: attune.Region) -> None:
    core.call(b'{"name":"read"}', b'{"content":[]}')
    [(records, _)] = taken(region)
    payload = region.payload(records[0])
    assert payload == b'{"name":"read"}{"content":[]}'
    assert payload.params == b'{"name":"read"}'
    assert payload.result == b'{"content":[]}'
    assert region.payload(records[:1]) == payload
    assert region.payload(records[0].copy()) == payload


def test_a_payload_that_is_overwritten_or_was_not_captured_is_none(core: Core, region: attune.Region) -> None:
    core.call(b"x" * 100, b"y" * 100)
    core.append(1)
    [(records, _)] = taken(region)
    assert region.payload(records[1]) is None
    assert region.payload(records[0]) is not None
    for _ in range(40):
        core.call(b"a" * 1000, b"b" * 1000)
    assert region.payload(records[0]) is None


def test_payloads_that_cannot_be_are_none(core: Core, region: attune.Region) -> None:
    for position, params, result in [
        (0, 2**32 - 1, 2**32 - 1),
        (2**64 - 1, 10, 10),
        (65530, 10, 10),
        (2**63, 1, 0),
    ]:
        core.append(1, flags=3, payload_position=position, params_bytes=params, payload_result_bytes=result)
    for batch in taken(region):
        assert [region.payload(record) for record in batch.records] == [None] * 4


def test_validity_is_told_for_any_selection(core: Core, region: attune.Region) -> None:
    core.append(10)
    [(records, _)] = taken(region)
    copied = records.copy()
    copied["duration_us"][3] += 1
    assert region.valid(copied).tolist() == [i != 3 for i in range(10)]
    assert region.valid(copied[::2]).all()
    with pytest.raises(TypeError):
        region.valid(np.zeros(3, dtype=np.uint64))  # type: ignore[arg-type]
