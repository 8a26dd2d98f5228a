"""The journal: what a gateway keeps of calls on disk, and that its disk holds up nobody."""

import json
import os
import subprocess

import pytest

from harness.places import eventually
from harness.wire import ModernClient

CANARY = "canary-7f3a"


def observations(gateway, *arguments: str) -> list[dict]:
    lines = gateway.command("export", "observations", *arguments).stdout.splitlines()
    return [json.loads(line) for line in lines]


def exported(gateway, count: int, seconds: float = 2.5) -> list[dict]:
    return eventually(
        lambda: (rows := observations(gateway)) and len(rows) == count and rows,
        seconds,
        f"{count} exported calls",
    )


def store_reason(gateway) -> str | None:
    reasons = gateway.json("/readyz")["reasons"]
    return next((reason["detail"] for reason in reasons if reason["component"] == "store:core"), None)


def journaling(workshop, start: bool = True, **sections: dict):
    servers = {"servers.s": workshop.steered("s", "--era", "modern")}
    return workshop.gateway(servers | sections, start)


def test_calls_are_exported_with_their_arguments_where_they_are_kept(workshop) -> None:
    gateway = journaling(workshop, learning={"capture": "full"})
    client = ModernClient(gateway.port)
    ids = [client.call("s__echo", {"n": number}).headers["attune-call-id"] for number in range(3)]
    client.request("tools/list")
    rows = exported(gateway, 3)
    assert [row["call_id"] for row in rows] == ids
    assert [json.loads(row["args"]) for row in rows] == [{"n": number} for number in range(3)]
    for row in rows:
        assert (row["server"], row["tool"], row["outcome"], row["is_error"]) == ("s", "s__echo", "ok", False)
        assert row["args_len"] == len(row["args"]) and row["result_size"] == len(row["result"].encode())
        assert row["duration_us"] >= row["upstream_us"] > 0
    later = observations(gateway, "--from", rows[1]["ts"][:19] + "Z")
    assert [row["call_id"] for row in later][-1] == ids[-1]
    assert observations(gateway, "--to", "2020-01-01") == []


def test_what_is_said_is_not_on_disk_unless_that_is_asked_for(workshop) -> None:
    gateway = journaling(workshop)
    ModernClient(gateway.port).call("s__echo", {"secret": CANARY})
    (row,) = exported(gateway, 1)
    assert len(row["args_sha"]) == 8 and "args" not in row and "result" not in row
    gateway.stop()
    for file in (gateway.directory / "data").rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("journal", ["relaxed", "durable"])
def test_what_was_journaled_outlives_killed_gateways(workshop, journal: str) -> None:
    gateway = journaling(workshop, learning={"journal": journal})
    for life in range(1, 4):
        ModernClient(gateway.port).call("s__echo", {"life": life})
        exported(gateway, life)
        gateway.kill()
        assert len(observations(gateway)) == life
        gateway.start()
    exported(gateway, 3)
    assert store_reason(gateway) is None


def test_a_gateway_that_is_stopped_has_journaled_all_of_its_calls(workshop) -> None:
    gateway = journaling(workshop)
    client = ModernClient(gateway.port)
    for number in range(50):
        client.call("s__echo", {"n": number})
    gateway.stop()
    assert len(observations(gateway)) == 50


def test_the_store_is_looked_after_beside_a_gateway(workshop) -> None:
    gateway = journaling(workshop)
    ModernClient(gateway.port).call("s__echo", {})
    exported(gateway, 1)
    (stats,) = gateway.listing("store", "stats", "--store", "core")
    families = {part["family"]: part["keys"] for part in stats["families"]}
    assert stats["store"] == "core" and families["journal"] == families["journal-runs"] == 1
    (report,) = gateway.listing("store", "verify", "--store", "core")
    entries = {part["family"]: part["entries"] for part in report["families"]}
    assert report["sound"] and entries["journal"] == entries["journal-runs"] == 1
    (beside,) = gateway.listing("store", "checkpoint", "beside", "--store", "core")
    assert beside["path"].endswith("beside/core")
    refused = gateway.command("store", "checkpoint", "beside", "--store", "core", check=1)
    assert b"is there already" in refused.stderr
    (compacted,) = gateway.listing("store", "compact", "--store", "core")
    assert compacted["bytes_before"] > 0 and compacted["bytes_after"] > 0
    ModernClient(gateway.port).call("s__echo", {})
    exported(gateway, 2)
    gateway.stop()
    sections, gateway.sections["persistence"] = (
        gateway.sections.get("persistence"),
        {
            "rocksdb_path": str(gateway.directory / "beside"),
            "key": f"file:{gateway.directory / 'data' / 'attune' / 'keys' / 'store.key'}",
        },
    )
    gateway.write_configuration()
    assert len(observations(gateway)) == 1
    gateway.sections["persistence"] = sections or {}
    gateway.write_configuration()
    (made,) = gateway.listing("store", "checkpoint", "copy", "--store", "core")
    assert made["path"].endswith("copy/core")
    refused = gateway.command("store", "checkpoint", "copy", "--store", "core", check=1)
    assert b"is there already" in refused.stderr and b"next: " in refused.stderr
    (compacted,) = gateway.listing("store", "compact", "--store", "core")
    assert compacted["bytes_after"] > 0
    assert len(gateway.command("store", "export", "--family", "journal").stdout.splitlines()) == 2


def test_checkpoints_are_made_from_time_to_time_and_the_last_two_kept(workshop) -> None:
    gateway = journaling(workshop, persistence={"checkpoint_interval": 1})
    ModernClient(gateway.port).call("s__echo", {})
    exported(gateway, 1)
    folder = gateway.directory / "data" / "attune" / "checkpoints"
    eventually(lambda: folder.exists() and len(list(folder.iterdir())) >= 2, 10, "two checkpoints")
    first = min(folder.iterdir())
    eventually(lambda: not first.exists(), 10, "an older checkpoint that goes")
    gateway.stop()
    last = max(folder.iterdir())
    key = folder.parent / "keys" / "store.key"
    gateway.sections["persistence"] = {"rocksdb_path": str(last), "key": f"file:{key}"}
    gateway.write_configuration()
    assert len(observations(gateway)) == 1


def test_a_gateway_whose_store_is_not_its_own_serves_and_says_so(workshop) -> None:
    gateway = journaling(workshop, start=False)
    core = gateway.directory / "data" / "attune" / "core"
    core.mkdir(parents=True)
    (core / "letter.txt").write_text("dear reader")
    gateway.start()
    assert ModernClient(gateway.port).call("s__echo", {}).status == 200
    assert "holds files that Attune didn't write" in eventually(lambda: store_reason(gateway))
    assert gateway.json("/readyz")["status"] == "degraded"
    assert [file.name for file in core.iterdir()] == ["letter.txt"]


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(line, capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_stops_the_journal_only_and_is_recovered_from(workshop, small_disk) -> None:
    gateway = journaling(
        workshop,
        memory={"profile": "edge"},
        learning={"capture": "full"},
        persistence={"rocksdb_path": str(small_disk)},
    )
    client = ModernClient(gateway.port)
    client.call("s__echo", {"n": 0})
    exported(gateway, 1)
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 65536):
                pass
        except OSError:
            pass
    sent = 1
    while store_reason(gateway) is None:
        assert sent < 3000, "the disk is full and nothing is said of it"
        assert client.call("s__echo", {"n": sent, "text": "y" * 14000}).status == 200
        sent += 1
    assert "no space left" in store_reason(gateway)
    assert client.call("s__echo", {"n": sent}).status == 200
    ballast.unlink()
    eventually(lambda: store_reason(gateway) is None, 10, "a journal that is written again")
    exported(gateway, sent + 1, 10)
