"""Messages to the learner and from it."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attune
from attune import checksum, commands, segment
from attune.commands import CommandReader, MessageKind, Priority
from attune.layout import SectionKind
from attune.worker import WorkerSegment, capacities
from writer import Core, Learner


@pytest.fixture
def switching() -> Iterator[None]:
    """Has threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def readers(path: Path) -> list[CommandReader]:
    """What the learner reads: the lanes of a worker's segment, with nothing shared but the file."""
    found = segment.Segment.open(path)
    lanes = found.sections(SectionKind.COMMANDS)
    return [CommandReader(found, lane, from_start=True) for lane in lanes]


def test_messages_arrive_in_their_lanes(core: Core, directory: Path, region: attune.Region) -> None:
    queue = region.message_queue
    assert queue.put({"a": 1}) == 1
    assert queue.put({"b": "ü"}, priority=Priority.URGENT) == 1
    assert queue.put(b'{"raw":true}') == 2
    urgent, normal, background = readers(directory / "worker-0.segment")
    assert urgent.take().json() == {"b": "ü"}  # type: ignore[union-attr]
    assert [normal.take().json() for _ in range(2)] == [{"a": 1}, {"raw": True}]  # type: ignore[union-attr]
    assert urgent.take() is normal.take() is background.take() is None


def test_predictions_and_writes_are_messages_of_their_own_kinds(
    core: Core, directory: Path, region: attune.Region
) -> None:
    region.publish_prediction("latency_us", "git/log", 12.5, confidence=0.9, ttl_s=60)
    region.state_cache["mine/k"] = b"value"
    region.state_cache["mine/t"] = "text"
    del region.state_cache["mine/k"]
    _, normal, _ = readers(directory / "worker-0.segment")
    found = [normal.take() for _ in range(4)]
    assert [m.kind for m in found if m] == [
        MessageKind.PREDICTION,
        MessageKind.STATE_WRITE,
        MessageKind.STATE_WRITE,
        MessageKind.STATE_DELETE,
    ]
    assert json.loads(found[0].body) == {  # type: ignore[union-attr]
        "task": "latency_us",
        "subject": "git/log",
        "value": 12.5,
        "confidence": 0.9,
        "ttl_s": 60,
    }
    assert [m.body for m in found[1:] if m] == [b"\x06\0mine/kvalue", b"\x06\0mine/ttext", b"mine/k"]


def test_what_cannot_be_sent_is_refused_at_once(core: Core, region: attune.Region) -> None:
    queue = region.message_queue
    with pytest.raises(attune.MessageTooLarge) as caught:
        queue.put({"a": "x" * 70000})
    assert caught.value.limit <= 65536
    with pytest.raises(TypeError):
        queue.put([1])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON compliant"):
        queue.put({"a": float("nan")})
    with pytest.raises(ValueError, match="is not a valid Priority"):
        queue.put({}, priority=3)
    with pytest.raises(attune.MessageTooLarge):
        region.publish_prediction("a", "b", "x" * 4096)
    for task, subject in [("a/b", "s"), ("", "s"), ("t", ""), ("t", "x" * 101), ("t", "a\nb")]:
        with pytest.raises(ValueError):  # noqa: PT011
            region.publish_prediction(task, subject, 1)
    for key in ("stat/a/b", "prediction/a/b", "learner/x", "", "x" * 256):
        with pytest.raises(ValueError):  # noqa: PT011
            region.state_cache[key] = b"1"
    with pytest.raises(attune.MessageTooLarge):
        region.state_cache["k"] = b"x" * 65537
    assert queue.put({}) == 1


def test_a_full_lane_refuses_and_goes_on_when_the_learner_has_read(core: Core, directory: Path) -> None:
    learner = Learner(directory / "learner.segment").live()
    assert isinstance(learner, Learner)
    with attune.Region.attach(directory) as region:
        queue = region.message_queue
        body = b'{"x":"' + b"y" * 1000 + b'"}'
        sent = 0
        with pytest.raises(attune.QueueFull) as caught:
            while True:
                queue.put(body)
                sent += 1
        assert caught.value.lane == 1
        assert sent == 262144 // commands.padded(24 + len(body))
        with pytest.raises(attune.QueueFull):
            queue.put(body, timeout=0.01)
        # Another lane has space of its own.
        queue.put(body, priority=Priority.URGENT)

        path = directory / "worker-0.segment"
        generation = segment.Segment.open(path).generation
        _, normal, _ = readers(path)
        for _ in range(10):
            assert normal.take() is not None

        def read_on() -> None:
            learner.cursor(5, 3, 1, generation, normal.position)

        threading.Timer(0.05, read_on).start()
        assert queue.put(body, timeout=30) == sent + 1
        count = 0
        while (message := normal.take()) is not None:
            count += 1
            assert message.body == body
        assert count == sent + 1 - 10
        assert normal.lost == 0


def test_a_nonsensical_position_of_the_reader_overwrites_nothing(core: Core, directory: Path) -> None:
    learner = Learner(directory / "learner.segment").live()
    assert isinstance(learner, Learner)
    with attune.Region.attach(directory) as region:
        queue = region.message_queue
        queue.put({})
        generation = segment.Segment.open(directory / "worker-0.segment").generation
        for slot, position in enumerate([2**64 - 1, 1 << 40, 2**63]):
            learner.cursor(slot, 3, 1, generation, position)
            with pytest.raises(attune.QueueFull):
                for _ in range(100):
                    queue.put(b"{" + b" " * 5000 + b"}")
        assert queue.pending_bytes[Priority.NORMAL] > 200_000


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 1024), max_size=60), reads=st.randoms(use_true_random=False))
def test_every_message_arrives_once_and_in_order(sizes: list[int], reads: object) -> None:
    own = WorkerSegment.anonymous("w", (4096, 4096, 4096), None)
    found = segment.Segment(own.descriptor, "w", sealed=True)
    reader = CommandReader(found, found.sections(SectionKind.COMMANDS)[1], from_start=True)
    expected = []
    received = []
    for number, size in enumerate(sizes):
        body = bytes([number % 256]) * size
        try:
            own.writers[1].put(1, body, reader.position)
            expected.append(body)
        except attune.QueueFull:
            pass
        if reads.random() < 0.5:  # type: ignore[attr-defined]
            message = reader.take()
            if message is not None:
                received.append(message.body)
    while (message := reader.take()) is not None:
        received.append(message.body)
    assert received == expected
    assert reader.lost == 0
    own.retire()


@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=512), place=st.integers(0, 4096), published=st.integers(0, 2**64 - 1))
def test_a_reader_of_garbage_ends(noise: bytes, place: int, published: int) -> None:
    learner = Learner(lane=4096)
    found = segment.Segment(learner.fd, "learner", sealed=True)
    reader = CommandReader(found, found.sections(SectionKind.COMMANDS)[0], from_start=True)
    start = learner.places[3, 0]
    first = place % 4096
    part = noise[: 4096 - first]
    learner.map[start + 256 + first : start + 256 + first + len(part)] = part
    learner.words[start // 8] = published
    for _ in range(600):
        if reader.take() is None:
            break
    else:
        raise AssertionError("there cannot be so many frames")


def test_the_learners_messages_are_seen_by_a_bystander(core: Core, directory: Path) -> None:
    learner = Learner(directory / "learner.segment")
    learner.live()
    lanes = {}
    for lane in range(3):
        section = segment.Section(SectionKind.COMMANDS, lane, learner.places[3, lane], 256 + 4096, 1, 4096)
        lanes[lane] = commands.CommandWriter(learner.view, section)
    lanes[1].put(1, b'{"before":1}', 0)
    with attune.Region.attach(directory) as region:
        queue = region.message_queue
        assert queue.get(timeout=0) is None
        lanes[2].put(16, b'{"tool":"x"}', 0)
        lanes[0].put(17, b'{"version":3}', 0)
        first, second = queue.get(timeout=5), queue.get(timeout=5)
        assert first is not None
        assert second is not None
        assert (first.kind, first.lane, first.json()) == (MessageKind.ADVICE_CHANGED, 0, {"version": 3})
        assert (second.kind, second.lane) == (MessageKind.PREFETCH, 2)
        # The core has read on, so the learner comes round; the bystander has not.
        for _ in range(30):
            lanes[1].put(1, b'{"x":"' + b"y" * 500 + b'"}', lanes[1].published)
        assert queue.get(timeout=0) is None
        lanes[1].put(1, b'{"last":1}', lanes[1].published)
        last = queue.get(timeout=5)
        assert last is not None
        assert last.json() == {"last": 1}


def test_threads_that_get_at_once_share_the_messages(
    core: Core, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads moved one reader's place: frames were read from their middle and the rest dropped."""
    digest = checksum.xxh64

    def slowly(data: bytes, seed: int = 0) -> int:
        # Here a frame is half read, and another thread gets its turn.
        time.sleep(0.0001)
        return digest(data, seed)

    monkeypatch.setattr(checksum, "xxh64", slowly)
    capacity = 1 << 18
    learner = Learner(directory / "learner.segment", lane=capacity)
    learner.live()
    section = segment.Section(SectionKind.COMMANDS, 1, learner.places[3, 1], 256 + capacity, 1, capacity)
    writer = commands.CommandWriter(learner.view, section)
    numbers: list[int] = []
    with attune.Region.attach(directory, role="viewer") as region:
        queue = region.message_queue

        def take() -> None:
            while len(numbers) < 300 and queue.lost == 0:
                message = queue.get(timeout=0.01)
                if message is not None:
                    numbers.append(message.sequence)

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(300):
            writer.put(1, b'{"n":%d}' % number, 0)
        for thread in threads:
            thread.join()
        assert queue.lost == 0
    assert sorted(numbers) == list(range(1, 301))


def test_threads_that_write_first_at_once_share_one_segment(
    core: Core, directory: Path, switching: None
) -> None:
    """Each thread made one, so that a single program could take all eight places and keep seven of them."""
    for _ in range(20):
        with attune.Region.attach(directory) as region:
            barrier = threading.Barrier(6)

            def put(region: attune.Region = region, barrier: threading.Barrier = barrier) -> None:
                barrier.wait()
                region.message_queue.put({})

            threads = [threading.Thread(target=put) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert [p.name for p in directory.glob("worker-*")] == ["worker-0.segment"]
        assert list(directory.glob("worker-*")) == []


def test_how_far_a_program_reads_is_seen_in_its_cursors(
    core: Core, directory: Path, region: attune.Region
) -> None:
    region.message_queue.put({})
    stream = region.ring_buffer.observations(timeout=5)
    core.append(10)
    assert len(next(stream).records) == 10
    core.append(3)
    assert len(next(stream).records) == 3
    own = segment.Segment.open(directory / "worker-0.segment")
    words = own.words(own.sections(SectionKind.CURSORS)[0])
    assert words[0] == 1 << 32
    assert words[1] == core.generation
    assert words[2] == 10
    stream.close()
    assert words[0] == 0


def test_eight_workers_find_places_and_a_ninth_is_told(core: Core, directory: Path) -> None:
    regions = [attune.Region.attach(directory) for _ in range(9)]
    for region in regions[:8]:
        region.message_queue.put({})
    assert sorted(p.name for p in directory.glob("worker-*")) == [f"worker-{i}.segment" for i in range(8)]
    with pytest.raises(attune.QueueUnavailable, match="8 workers"):
        regions[8].message_queue.put({})
    regions[3].close()
    regions[8].message_queue.put({})
    assert (directory / "worker-3.segment").exists()
    for region in regions:
        region.close()
    assert list(directory.glob("worker-*")) == []


def test_a_place_whose_owner_is_gone_is_taken(core: Core, directory: Path) -> None:
    child = os.fork()
    if child == 0:
        region = attune.Region.attach(directory)
        region.message_queue.put({})
        os._exit(0)
    os.waitpid(child, 0)
    dead = segment.Segment.open(directory / "worker-0.segment")
    assert not dead.header.owner.alive
    with attune.Region.attach(directory) as region:
        region.message_queue.put({})
        assert segment.Segment.open(directory / "worker-0.segment").generation != dead.generation


def test_a_fork_reads_on_but_does_not_write(core: Core, region: attune.Region) -> None:
    region.message_queue.put({})
    core.append(2)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            assert sum(len(b.records) for b in region.ring_buffer.observations(timeout=0)) == 2
            region.message_queue.put({})
        except attune.QueueUnavailable:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_directory_that_cannot_be_written_still_can_be_read(core: Core, directory: Path) -> None:
    core.append(1)
    with attune.Region.attach(directory, role="viewer") as region:
        assert len(list(region.ring_buffer.observations(start="oldest", timeout=0))) == 1
        with pytest.raises(attune.QueueUnavailable):
            region.message_queue.put({})


@pytest.mark.parametrize(
    ("lanes", "size", "expected"),
    [
        ((65536, 262144, 65536), None, [65536, 262144, 65536]),
        ((65000, 65000, 5000), None, [32768, 32768, 4096]),
        ((65536, 65536, 65536), 131072, [32768, 32768, 32768]),
    ],
)
def test_lanes_fit_what_was_granted(
    lanes: tuple[int, int, int], size: int | None, expected: list[int]
) -> None:
    assert capacities(lanes, size) == expected
    own = WorkerSegment.anonymous("w", lanes, size)
    assert size is None or own.bytes <= size
    own.retire()


@pytest.mark.parametrize(("lanes", "size"), [((1, 1, 1), None), ((4096,) * 3, 8192), ((4096,) * 4, None)])
def test_a_grant_that_is_too_small_is_refused(lanes: tuple[int, ...], size: int | None) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        capacities(lanes, size)
