"""A full disk under all that a gateway keeps: calls go on, it says so, and recovers by itself."""

import json
import os
import pathlib
import subprocess

import pytest

from harness.places import eventually
from harness.wire import ModernClient

MEBIBYTES = 64


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own, and nothing but the gateway's data on it."""
    place = tmp_path / "disk"
    place.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(line, capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: pathlib.Path) -> pathlib.Path:
    """A file that takes all there is."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


def keeping(workshop, disk: pathlib.Path, start: bool = True):
    return workshop.gateway(
        {
            "servers.s": workshop.steered("s", "--era", "modern"),
            "memory": {"profile": "edge"},
            "learning": {"capture": "full", "model_update_interval": 0.2},
            "persistence": {"rocksdb_path": str(disk), "checkpoint_interval": 2},
        },
        start,
    )


def readiness(gateway) -> dict:
    return gateway.json("/readyz")


def call_until(gateway, condition, sent: list[str]) -> None:
    """Sends large calls, each of which must be answered, until the condition holds."""
    client = ModernClient(gateway.port)
    while not condition():
        assert len(sent) < 6000, "the disk is full and nothing is said of it"
        answer = client.call("s__echo", {"n": len(sent), "text": "y" * 14000})
        assert answer.status == 200, answer.body
        sent.append(answer.headers["attune-call-id"])


def call(gateway, count: int, sent: list[str]) -> None:
    goal = len(sent) + count
    call_until(gateway, lambda: len(sent) >= goal, sent)


def exported(gateway) -> list[str]:
    lines = gateway.command("export", "observations", timeout=60).stdout.splitlines()
    return [json.loads(line)["call_id"] for line in lines]


def check(gateway) -> None:
    """All that is on disk is sound."""
    reports = gateway.listing("store", "verify")
    assert reports
    for report in reports:
        assert report["sound"], report


def is_well(gateway) -> bool:
    facts = readiness(gateway)
    return facts["status"] == "ready" and not facts["reasons"]


def test_a_disk_that_fills_up_stops_what_is_kept_and_no_call(workshop, disk) -> None:
    gateway = keeping(workshop, disk)
    sent: list[str] = []
    call(gateway, 20, sent)
    eventually(lambda: len(exported(gateway)) == 20, 10, "the first calls")
    for _ in range(2):
        ballast = fill(disk)
        call_until(gateway, lambda: readiness(gateway)["status"] == "degraded", sent)
        details = {one["component"]: one["detail"] for one in readiness(gateway)["reasons"]}
        assert "no space" in details["store:core"], details
        assert gateway.get("/readyz")[0] == 200
        call(gateway, 20, sent)
        ballast.unlink()
        eventually(lambda: is_well(gateway), 20, "a gateway that is well again")
        call(gateway, 20, sent)
    # What the rings did not hold until there was room is gone, and told as gaps; what came after is there.
    eventually(lambda: exported(gateway)[-20:] == sent[-20:], 30, "the last calls")
    assert gateway.stop() == 0
    assert exported(gateway)[:20] == sent[:20]
    check(gateway)


def test_a_gateway_starts_on_a_full_disk_and_keeps_what_comes_once_there_is_room(workshop, disk) -> None:
    gateway = keeping(workshop, disk, start=False)
    ballast = fill(disk)
    gateway.start()
    eventually(lambda: readiness(gateway)["status"] == "degraded", 10, "what is wrong")
    sent: list[str] = []
    call(gateway, 5, sent)
    ballast.unlink()
    eventually(lambda: is_well(gateway), 20, "a gateway that is well")
    call(gateway, 5, sent)
    eventually(lambda: exported(gateway)[-5:] == sent[-5:], 10, "the calls")
    assert gateway.stop() == 0
    check(gateway)
