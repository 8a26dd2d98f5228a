"""Writes segments as the gateway does, from the written layout alone: nothing here comes from the package."""

from __future__ import annotations

import mmap
import os
import struct
import time
from pathlib import Path

MASK = (1 << 64) - 1
DESCRIPTION = (
    "sequence:<u8:0,time_us:<u8:8,call_id:<u8:16,session:<u4:24,principal:<u4:28,server:<u4:32,tool:<u4:36,"
    "method:<u4:40,era:u1:44,outcome:u1:45,flags:<u2:46,error_code:<i4:48,queue_us:<u4:52,upstream_us:<u4:56,"
    "duration_us:<u4:60,request_bytes:<u4:64,result_bytes:<u4:68,argument_hash:<u8:72,result_hash:<u8:80,"
    "advice_version:<u8:88,advice_reason:<u4:96,loop:<u2:100,payload_position:<u8:104,params_bytes:<u4:112,"
    "payload_result_bytes:<u4:116,checksum:<u4:124,"
)
RECORD = struct.Struct("<QQQIIIIIBBHiIIIIIQQQIHHQIIII")
assert RECORD.size == 128


def multipliers() -> list[int]:
    state, outputs = 0x41545455, []
    for _ in range(16):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        word = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
        outputs.append((word ^ (word >> 31)) | 1)
    return outputs


K = multipliers()


def checksum(record: bytes) -> int:
    words = struct.unpack("<16Q", record)
    total = sum(word * k for word, k in zip(words[:15], K[:15], strict=True))
    return ((total + (words[15] & 0xFFFFFFFF) * K[15]) & MASK) >> 32


def record(index: int, **fields: int) -> bytes:
    """The record with this index of the ring, its checksum filled in."""
    f = fields
    raw = RECORD.pack(
        index + 1,
        f.get("time_us", 1_700_000_000_000_000 + index),
        f.get("call_id", index * 7 + 1),
        f.get("session", 0),
        f.get("principal", 0),
        f.get("server", 1),
        f.get("tool", 2 + index % 3),
        f.get("method", 0),
        f.get("era", 1),
        f.get("outcome", 0),
        f.get("flags", 0),
        f.get("error_code", 0),
        f.get("queue_us", 1),
        f.get("upstream_us", 100),
        f.get("duration_us", 100 + index % 1000),
        f.get("request_bytes", 64),
        f.get("result_bytes", 64),
        f.get("argument_hash", 0),
        f.get("result_hash", 0),
        f.get("advice_version", 0),
        f.get("advice_reason", 0),
        f.get("loop", 0),
        0,
        f.get("payload_position", 0),
        f.get("params_bytes", 0),
        f.get("payload_result_bytes", 0),
        0,
        0,
    )
    return raw[:124] + struct.pack("<I", checksum(raw))


def aligned(size: int) -> int:
    return (size + 4095) & ~4095


def start_ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19])


class Writer:
    """A segment that this process owns: in a file, or in a sealed memory file when there is no path."""

    def __init__(
        self,
        kind: int,
        name: str,
        sections: list[tuple[int, int, int, int, int]],
        path: Path | None = None,
        *,
        version: int = 1,
        description: str | None = None,
        seals: int | None = 0x0001 | 0x0002 | 0x0004 | 0x0010,
        state: int = 1,
        generation: int | None = None,
    ) -> None:
        """:param sections: (kind, index, bytes, record bytes, capacity) each."""
        self.name, self.kind, self.path = name, kind, path
        places, end = [], 4096
        for section in sections:
            places.append(end)
            end = aligned(end + section[2])
        self.size = end
        self.generation = generation or time.time_ns()
        self.building = None if path is None else path.with_name(path.name + ".building")
        if self.building is None:
            self.fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        else:
            self.building.unlink(missing_ok=True)
            self.fd = os.open(self.building, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.posix_fallocate(self.fd, 0, self.size)
        self.map = mmap.mmap(self.fd, self.size)
        self.view = memoryview(self.map)
        self.words = self.view.cast("Q")
        if path is None and seals is not None:
            import fcntl

            fcntl.fcntl(self.fd, 1033, seals)
        if description is None:
            description = DESCRIPTION if kind == 1 else ""
        boot = bytes.fromhex(Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", ""))
        struct.pack_into(
            "<8sIIQQ16sQQIIQQ8x32s",
            self.map,
            0,
            b"ATTUNESG",
            version,
            kind,
            self.size,
            self.generation,
            boot,
            os.getpid(),
            start_ticks(os.getpid()),
            len(sections),
            48,
            time.monotonic_ns(),
            state,
            name.encode(),
        )
        for i, (section, place) in enumerate(zip(sections, places, strict=True)):
            struct.pack_into(
                "<IIQQQQQ",
                self.map,
                128 + 48 * i,
                section[0],
                section[1],
                place,
                section[2],
                section[3],
                section[4],
                0,
            )
        self.map[3200 : 3200 + len(description)] = description.encode()
        self.places = {(s[0], s[1]): place for s, place in zip(sections, places, strict=True)}
        self.capacities = {(s[0], s[1]): s[4] for s in sections}
        for s, place in zip(sections, places, strict=True):
            if s[0] in (1, 2):
                self.words[place // 8 + 16] = s[4]

    def live(self) -> Writer:
        """Shows it in its place."""
        if self.path is not None and self.building is not None:
            os.rename(self.building, self.path)
        return self

    def retire(self) -> None:
        self.words[10] = 2
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class Core(Writer):
    """A core's segment with observation and payload rings, and perhaps a state table."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        loops: int = 1,
        records: int = 1024,
        payload: int = 65536,
        table: int = 0,
        **options: object,
    ) -> None:
        sections = []
        for loop in range(loops):
            sections.append((1, loop, 256 + records * 128, 128, records))
            sections.append((2, loop, 256 + payload, 1, payload))
        if table:
            sections.append((4, 0, table, 64, 0))
        sections.append((5, 0, 4096, 64, 64))
        super().__init__(1, "core", sections, path, **options)  # type: ignore[arg-type]
        self.published = [0] * loops
        self.payload_end = [0] * loops

    def claim(self, count: int, loop: int = 0) -> None:
        """Announces that so many more slots are about to be written."""
        at = self.places[1, loop] // 8
        self.words[at + 8] = self.published[loop] + count

    def append(self, count: int = 1, loop: int = 0, **fields: int) -> None:
        """Writes and publishes records, as many at once as the caller says."""
        place, capacity = self.places[1, loop], self.capacities[1, loop]
        first = self.published[loop]
        self.claim(count, loop)
        for index in range(max(first, first + count - capacity), first + count):
            at = place + 256 + index % capacity * 128
            self.map[at : at + 128] = record(index, loop=loop, **fields)
        self.published[loop] = first + count
        self.words[place // 8] = first + count

    def call(self, params: bytes, result: bytes, loop: int = 0, **fields: int) -> None:
        """Publishes one record with its payload."""
        place, capacity = self.places[2, loop], self.capacities[2, loop]
        size = len(params) + len(result)
        position = (self.payload_end[loop] + 7) & ~7
        if position % capacity + size > capacity:
            position += capacity - position % capacity
        self.words[place // 8 + 8] = position + size
        at = place + 256 + position % capacity
        self.map[at : at + size] = params + result
        self.payload_end[loop] = position + size
        self.words[place // 8] = position + size
        self.append(
            1,
            loop,
            flags=3,
            payload_position=position,
            params_bytes=len(params),
            payload_result_bytes=len(result),
            **fields,
        )


class Learner(Writer):
    """A learner's segment with command rings to the core."""

    def __init__(
        self, path: Path | None = None, *, lane: int = 4096, table: int = 0, **options: object
    ) -> None:
        sections = [(3, index, 256 + lane, 1, lane) for index in range(3)]
        sections.append((5, 0, 4096, 64, 64))
        if table:
            sections.append((4, 0, table, 64, 0))
        super().__init__(2, "learner", sections, path, **options)  # type: ignore[arg-type]

    def cursor(self, slot: int, stream: int, index: int, generation: int, position: int) -> None:
        """Says how far it has read a stream."""
        at = self.places[5, 0] // 8 + slot * 8
        self.words[at + 1] = generation
        self.words[at + 2] = position
        self.words[at] = stream << 32 | index


def mixed(value: int) -> int:
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


class Table:
    """A state table in a writer's section, without eviction: what fits is put."""

    def __init__(self, owner: Writer, buckets: int = 64, slots: int = 64, seed: int = 0x5EED) -> None:
        self.owner, self.buckets, self.slots, self.seed = owner, buckets, slots, seed
        self.start = owner.places[4, 0]
        self.slot_place = 4096 + buckets * 8
        self.free = self.values = self.slot_place + slots * 64
        self.used = 0
        self.at: dict[int | bytes, int] = {}
        head = (0x5453454E55545441, 1 | 1 << 32, seed, buckets, slots, 4096, self.slot_place, self.values)
        struct.pack_into("<8Q", owner.map, self.start, *head)

    def digest(self, key: int | bytes) -> int:
        from attune.checksum import xxh64

        return mixed(key ^ self.seed) if isinstance(key, int) else xxh64(key, self.seed)

    def word(self, slot: int, index: int) -> int:
        """The place of a word of a slot among the segment's words."""
        return (self.start + self.slot_place + slot * 64) // 8 + index

    def put(self, key: int | bytes, value: bytes, expiry: int = 0) -> int:
        """Stores a value as the gateway does, and gives the slot."""
        words = self.owner.words
        slot = self.at.get(key)
        fresh = slot is None
        if slot is None:
            slot = self.used
            self.used += 1
            self.at[key] = slot
        version = words[self.word(slot, 0)]
        words[self.word(slot, 0)] = version | 1
        size = len(key) if isinstance(key, bytes) else 0
        block = 0
        if size or len(value) > 8:
            block = self.free
            rest = (size + 7) & ~7
            self.free += rest + ((len(value) + 7) & ~7)
            at = self.start + block
            if isinstance(key, bytes):
                self.owner.map[at : at + size] = key
            self.owner.map[at + rest : at + rest + len(value)] = value
        else:
            at = self.word(slot, 7) * 8
            self.owner.map[at : at + 8] = value.ljust(8, b"\0")
        kind = 1 if isinstance(key, int) else 2
        words[self.word(slot, 1)] = self.digest(key)
        words[self.word(slot, 3)] = len(value) | size << 32 | kind << 48
        words[self.word(slot, 4)] = expiry
        words[self.word(slot, 5)] = key if isinstance(key, int) else 0
        words[self.word(slot, 6)] = block
        if fresh:
            bucket = (self.start + 4096) // 8 + (self.digest(key) >> (64 - (self.buckets.bit_length() - 1)))
            words[self.word(slot, 2)] = words[bucket] & 0xFFFFFFFF
            words[bucket] = ((words[bucket] >> 32) + 1) << 32 | (slot + 1)
        words[self.word(slot, 0)] = (version | 1) + 1
        return slot

    def name(self, identifier: int, kind: int, text: str) -> None:
        """Interns a name."""
        self.put(0x4E00000000000000 | identifier, bytes([kind]) + text.encode())


if __name__ == "__main__":
    # A core in a process of its own: DIRECTORY RECORDS CAPACITY; writes for ever, or RECORDS and then waits.
    import sys

    directory, total, capacity = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    core = Core(directory / "core.segment", records=capacity, table=65536)
    table = Table(core)
    table.name(1, 1, "files")
    for tool in range(2, 5):
        table.name(tool, 2, f"tool-{tool}")
    core.live()
    print("live", core.generation, flush=True)
    while total == 0 or core.published[0] < total:
        core.append(min(16, total - core.published[0]) if total else 16)
        core.words[9] = time.monotonic_ns()
    print("done", core.published[0], flush=True)
    while True:
        core.words[9] = time.monotonic_ns()
        time.sleep(0.2)
