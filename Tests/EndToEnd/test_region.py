"""The shared region of a gateway whose learner is another container's: a file, written as calls end."""

import http.client
import json
import os
import pathlib
import random
import resource
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest

from harness.gateway import Gateway
from harness.places import GATEWAY_KILLS, binary, eventually
from harness.region import Segment
from harness.wire import LegacyClient, ModernClient

OK, TOOL_ERROR, RPC_ERROR = 0, 1, 2
PARTS = (
    "protocol_handlers state_management message_routing rings state_cache message_queue model_storage "
    "training_buffer feature_cache active_models historical_data"
).split()
MIB = 1 << 20


def sections(shop, mode: str = "external", **memory: object) -> dict:
    return {
        "core": {"threads": 2},
        "learning": {"mode": mode},
        "memory": {"profile": "edge"} | memory,
        "servers.s": shop.steered("s", "--era", "modern", sharing="shared"),
    }


def file(gateway: Gateway) -> pathlib.Path:
    return pathlib.Path(gateway.runtime) / "attune" / "region" / "core.segment"


def test_every_call_is_in_the_region_within_milliseconds(workshop) -> None:
    gateway = workshop.gateway(sections(workshop))
    path = file(gateway)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_blocks * 512 >= path.stat().st_size, "the file is sparse"
    client = ModernClient(gateway.port)
    for number in range(20):
        client.call("s__echo", {"number": number})
    client.call("s__fail")
    LegacyClient(gateway.port).initialize().call("s__error", {"code": 77})

    def records() -> list[dict[str, int]]:
        return Segment(path).records()

    eventually(
        lambda: sum(one["outcome"] == RPC_ERROR for one in records()) == 1, 2, "the last call's record"
    )
    segment = Segment(path)
    assert (segment.version, segment.kind, segment.name, segment.state) == (2, 1, "core", 1)
    assert segment.owner == gateway.process.pid
    assert segment.size == path.stat().st_size
    by_id = {one["call_id"]: one for one in segment.records()}
    calls = [one for one in gateway.listing("ls", "calls") if one["method"] == "tools/call"]
    assert len(calls) == 22
    for call in calls:
        record = by_id[int(call["call_id"], 16)]
        assert record["duration_us"] == call["duration_us"]
        assert record["upstream_us"] == call["upstream_us"]
        assert record["advice_version"] == call["advice_version"]
        params, result = segment.payload(record)
        assert json.loads(params)["name"] == call["tool"]
        assert json.loads(result)
    assert len({by_id[int(one["call_id"], 16)]["tool"] for one in calls}) == 3
    assert len({one["argument_hash"] for one in by_id.values()}) >= 20


def test_the_heart_beats_and_an_orderly_end_takes_the_file_away(workshop) -> None:
    gateway = workshop.gateway(sections(workshop))
    path = file(gateway)
    before = Segment(path).heartbeat
    eventually(lambda: Segment(path).heartbeat > before, 3, "a heartbeat")
    assert time.clock_gettime_ns(time.CLOCK_MONOTONIC) - Segment(path).heartbeat < 2_000_000_000
    gateway.stop()
    assert not path.exists()


def call_until_killed(port: int) -> None:
    client = ModernClient(port)
    try:
        while True:
            client.call("s__echo", {"text": "amid calls"})
    except (OSError, http.client.HTTPException):
        return


@pytest.mark.timeout(10 * GATEWAY_KILLS + 60)
def test_a_gateway_killed_amid_calls_leaves_whole_records_and_starts_with_a_new_generation(workshop) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    choose = random.Random(seed)
    gateway = workshop.gateway(sections(workshop))
    path = file(gateway)
    generation = 0
    for _ in range(GATEWAY_KILLS):
        segment = Segment(path)
        assert segment.generation > generation
        assert segment.owner == gateway.process.pid
        generation = segment.generation
        ModernClient(gateway.port).call("s__echo", {"text": "first"})
        callers = [threading.Thread(target=call_until_killed, args=(gateway.port,)) for _ in range(2)]
        for caller in callers:
            caller.start()
        eventually(lambda: any(one["tool"] for one in Segment(path).records()), 5, "a record")
        time.sleep(choose.random() / 20)
        gateway.kill()
        for caller in callers:
            caller.join()
        left = Segment(path)
        assert left.generation == generation
        # Records are in order, and each leads to all bytes of its call.
        calls = [one for one in left.records() if one["tool"]]
        for call in calls:
            params, result = left.payload(call)
            assert json.loads(params)["arguments"]["text"] in ("first", "amid calls")
            assert json.loads(result)["content"]
        assert calls
        gateway.start()


def test_a_region_that_is_in_use_is_refused(workshop) -> None:
    gateway = workshop.gateway(sections(workshop))
    generation = Segment(file(gateway)).generation
    other = workshop.gateway(sections(workshop), start=False)
    other.runtime = gateway.runtime
    for name in ("data", "config", "home"):
        (other.directory / name).mkdir(exist_ok=True)
    done = other.command("run", check=1)
    assert b"core.segment belongs to the gateway of process" in done.stderr
    assert Segment(file(gateway)).generation == generation


def test_a_region_that_others_may_write_to_is_refused(workshop) -> None:
    gateway = workshop.gateway(sections(workshop), start=False)
    for name in ("data", "config", "home"):
        (gateway.directory / name).mkdir(exist_ok=True)
    region = file(gateway).parent
    region.mkdir(parents=True, mode=0o700)
    region.chmod(0o777)
    refused = gateway.command("run", check=1)
    assert f"chmod 700 {region}".encode() in refused.stderr
    region.chmod(0o700)
    gateway.start()
    assert gateway.get("/readyz")[0] == 200


def test_more_memory_than_there_is_is_a_clear_error(workshop) -> None:
    gateway = workshop.gateway(sections(workshop, "process", shared_memory_size="15TiB"), start=False)
    for name in ("data", "config", "home"):
        (gateway.directory / name).mkdir(exist_ok=True)
    done = gateway.command("run", check=1)
    assert b"the shared region of" in done.stderr and b"shared_memory_size" in done.stderr


def report(gateway: Gateway) -> dict:
    return json.loads(gateway.command("memory", "-o", "json").stdout)


@pytest.mark.parametrize(("profile", "shared"), [("edge", 16), ("standard", 256), ("large", 4096)])
def test_the_layout_of_a_profile_without_a_gateway(workshop, profile, shared) -> None:
    gateway = workshop.gateway(sections(workshop, profile=profile), start=False)
    found = report(gateway)
    rows = {row["part"]: row for row in found["parts"]}
    assert list(rows) == PARTS
    assert all(set(row) == {"part", "budget_bytes", "used_bytes", "enforced_by"} for row in found["parts"])
    assert found["profile"] == profile
    assert found["total_bytes"] == sum(row["budget_bytes"] for row in rows.values())
    assert found["total_bytes"] == found["totals"]["working"] + found["totals"]["learning_buffer"]
    region = sum(rows[part]["budget_bytes"] for part in ("rings", "state_cache", "message_queue"))
    assert region == shared * MIB
    assert all(row["used_bytes"] == 0 and row["enforced_by"] for row in rows.values())
    if profile == "large":
        assert found["totals"] == {"working": 9 * 1024 * MIB, "learning_buffer": 3 * 1024 * MIB}


def test_a_running_gateway_tells_how_full_its_memory_is(workshop) -> None:
    gateway = workshop.gateway(sections(workshop))
    client = ModernClient(gateway.port)
    for number in range(50):
        client.call("s__echo", {"number": number, "text": "x" * 1000})
    rows = {row["part"]: row for row in report(gateway)["parts"]}
    assert rows["rings"]["used_bytes"] > 50 * 128 + 50 * 1000
    assert rows["state_cache"]["used_bytes"] > 0
    assert all(0 <= row["used_bytes"] <= row["budget_bytes"] for row in rows.values())
    assert [row["part"] for row in gateway.json("/api/v1/memory")["parts"]] == PARTS
    picture = gateway.command("memory").stdout.decode()
    assert all(part in picture for part in PARTS) and "\u2588" in picture and "\u2591" in picture
    metrics = gateway.get("/metrics")[1].decode()
    assert 'attune_memory_bytes{component="rings"}' in metrics
    families = [line for line in metrics.splitlines() if line.startswith("# TYPE ")]
    assert len(families) == len(set(families))


def test_messages_beyond_their_budget_are_refused_and_small_ones_served(workshop) -> None:
    gateway = workshop.gateway(sections(workshop))

    def row() -> dict:
        return next(row for row in report(gateway)["parts"] if row["part"] == "protocol_handlers")

    def begin() -> socket.socket:
        body = socket.create_connection(("127.0.0.1", gateway.port), 10)
        host = f"Host: 127.0.0.1:{gateway.port}\r\nContent-Type: application/json\r\n"
        body.sendall(f"POST /mcp HTTP/1.1\r\n{host}Content-Length: 4000000\r\n\r\n".encode())
        return body

    held = [begin() for _ in range(2)]
    for body in held:
        body.sendall(b"a" * 3_900_000)
    eventually(lambda: row()["used_bytes"] >= 7_800_000, 5, "the bodies' bytes in attune memory")
    with begin() as third:
        try:
            third.sendall(b"a" * 3_900_000)
        except OSError:
            pass  # It was refused before it was sent.
        answer = third.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 503 ") and '"code":1004' in answer and "attune memory" in answer
    assert row()["used_bytes"] <= row()["budget_bytes"] == 8 * MIB
    assert ModernClient(gateway.port).call("s__echo", {"text": "small"}).status == 200
    for body in held:
        body.close()
    eventually(lambda: row()["used_bytes"] < 100_000, 5, "the end of the bodies")


def test_without_learning_there_is_no_region(workshop) -> None:
    gateway = workshop.gateway(sections(workshop, "off"))
    ModernClient(gateway.port).call("s__echo")
    assert not file(gateway).parent.exists()
    maps = pathlib.Path(f"/proc/{gateway.process.pid}/maps")
    if os.access(maps, os.R_OK):
        assert "attune-core" not in maps.read_text()
    rows = {row["part"]: row for row in report(gateway)["parts"]}
    assert rows["rings"]["used_bytes"] == 0 and "off" in rows["rings"]["enforced_by"]


def dumps_core(command: list, place: pathlib.Path, ready, **options: object) -> bool:
    """Whether a process of the command leaves a core dump when it is aborted."""

    def allow() -> None:
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    with subprocess.Popen(command, cwd=place, preexec_fn=allow, **options) as process:
        try:
            eventually(ready, 30, "the process")
        finally:
            process.send_signal(signal.SIGABRT)
            end = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert end.si_status == signal.SIGABRT
    return end.si_code == os.CLD_DUMPED


def test_a_gateway_that_crashes_leaves_no_core_dump(workshop, tmp_path) -> None:
    if not dumps_core(["sleep", "60"], tmp_path, lambda: True):
        pytest.skip("this system leaves no core dump of any process")
    gateway = workshop.gateway(sections(workshop), start=False)
    for name in ("data", "config", "home"):
        (gateway.directory / name).mkdir(exist_ok=True)
    command = [binary(), "run", "--config", gateway.file]
    with gateway.log_file.open("ab") as log:
        options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        assert not dumps_core(
            command, tmp_path, lambda: gateway.get("/readyz")[0] == 200, env=gateway.environment(), **options
        )
