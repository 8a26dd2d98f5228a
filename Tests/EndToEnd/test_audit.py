"""The audit log: every call is in it, it can be proved, and what happens when it can't be written."""

import base64
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time
import urllib.request

import pytest

from harness import rocks
from harness.places import eventually
from harness.wire import ModernClient


def auditing(workshop, start: bool = True, **sections: dict):
    servers = {"servers.s": workshop.steered("s", "--era", "modern")}
    return workshop.gateway(servers | sections, start)


def search(gateway, *arguments: str) -> list[dict]:
    return gateway.listing("audit", "search", "--limit", "0", *arguments)


def verdict(gateway, check: int = 0) -> dict:
    return json.loads(gateway.command("audit", "verify", "-o", "json", check=check).stdout)


def acts(gateway) -> list[tuple[str, str, str]]:
    return [(act["action"], act["origin"], act["outcome"]) for act in search(gateway, "--kind", "admin")]


def audit_reason(gateway) -> dict | None:
    reasons = gateway.json("/readyz")["reasons"]
    return next((reason for reason in reasons if reason["component"] == "audit"), None)


def data(gateway) -> pathlib.Path:
    return gateway.directory / "data" / "attune"


def audit_runs(gateway) -> list[str]:
    return [row["event"] for row in search(gateway, "--kind", "run")]


def post(gateway, path: str) -> int:
    request = urllib.request.Request(gateway.admin + path, method="POST", data=b"")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def test_calls_are_found_while_the_gateway_runs_and_after(workshop) -> None:
    gateway = auditing(workshop)
    client = ModernClient(gateway.port)
    ids = [client.call("s__echo", {"n": number}).headers["attune-call-id"] for number in range(5)]
    rows = eventually(
        lambda: (
            (found := search(gateway, "--kind", "call", "--tool", "s__echo")) and len(found) == 5 and found
        ),
        2.5,
        "five calls in the audit log",
    )
    assert [row["call_id"] for row in reversed(rows)] == ids
    for row in rows:
        assert (row["principal"], row["server"], row["method"]) == ("anonymous", "s", "tools/call")
        assert row["outcome"] == "ok" and len(row["arguments_sha256"]) == len(row["result_sha256"]) == 64
    assert [row["call_id"] for row in search(gateway, "--call", ids[2])] == [ids[2]]
    tail = gateway.listing("audit", "tail", "--kind", "call", "-n", "2")
    assert [row["call_id"] for row in tail] == ids[-2:]
    page = gateway.json("/api/v1/audit?kind=call&limit=2")
    assert [row["call_id"] for row in page["items"]] == ids[:-3:-1]
    rest = gateway.json(f"/api/v1/audit?kind=call&limit=2&cursor={page['next']}")
    assert [row["call_id"] for row in rest["items"]] == ids[-3:-5:-1]
    assert verdict(gateway)["sound"]
    assert post(gateway, "/-/reload") == 200
    assert post(gateway, "/api/v1/store/compact") == 200
    gateway.stop()
    assert acts(gateway) == [
        ("store compact", "admin", "applied"),
        ("reload", "admin", "applied"),
        ("keys", "file", "in force"),
    ]
    change, initial = search(gateway, "--kind", "config")
    assert change["sha256"] == initial["sha256"]
    assert change["file"] == str(gateway.file) and len(change["sha256"]) == 64
    assert audit_runs(gateway) == ["stop", "start"]
    report = verdict(gateway)
    assert report["sound"] and report["unsigned"] == 0


def test_an_entry_is_proved_to_somebody_who_has_the_key_alone(workshop) -> None:
    gateway = auditing(workshop)
    ModernClient(gateway.port).call("s__echo", {"n": 1})
    gateway.stop()
    key = gateway.command("audit", "key").stdout.decode().strip()
    (row,) = search(gateway, "--kind", "call")
    text = gateway.command("audit", "prove", str(row["seq"])).stdout.decode()
    proof = gateway.directory / "proof"
    proof.write_text(text.rstrip("\n") + "\n")
    shutil.rmtree(data(gateway))
    check = ("audit", "verify", "--proof", "proof", "--key", key, "-o", "json")
    found = json.loads(gateway.command(*check).stdout)
    assert found["holds"] and found["entry"]["call_id"] == row["call_id"]
    lines = text.splitlines()
    entry = lines[2]
    swapped = entry[:-4] + ("AAA=" if not entry.endswith("AAA=") else "BBB=")
    proof.write_text(text.replace(entry, swapped).rstrip("\n") + "\n")
    gateway.command(*check, check=1)


def test_a_key_that_an_operator_wrote_in_another_form_is_the_commands_too(workshop) -> None:
    gateway = auditing(workshop)
    gateway.stop()
    public = gateway.command("audit", "key").stdout
    file = data(gateway) / "keys" / "audit.key"
    secret = bytes.fromhex(file.read_text().split()[0])
    file.write_text("# openssl rand -base64 32\n" + base64.b64encode(secret).decode() + "\n")
    assert gateway.command("audit", "key").stdout == public
    gateway.start()
    ModernClient(gateway.port).call("s__echo", {"n": 1})
    gateway.stop()
    assert verdict(gateway)["sound"] and audit_runs(gateway) == ["stop", "start"] * 2


def test_the_log_only_grew_between_two_sizes(workshop) -> None:
    gateway = auditing(workshop)
    client = ModernClient(gateway.port)
    for number in range(20):
        client.call("s__echo", {"n": number})
    gateway.stop()
    found = json.loads(gateway.command("audit", "consistency", "7", "20", "-o", "json").stdout)
    assert found["consistent"] and len(found["path"]) > 2
    assert b"there is no 2000" in gateway.command("audit", "consistency", "7", "2000", check=1).stderr


def place(number: int) -> bytes:
    return number.to_bytes(8)


def delete(store: rocks.RocksDirectory, size: int) -> None:
    store.delete("audit", place(7))


def edit(store: rocks.RocksDirectory, size: int) -> None:
    value = store.get("audit", place(6))
    store.put("audit", place(6), value[:-1] + bytes([value[-1] ^ 1]))


def swap(store: rocks.RocksDirectory, size: int) -> None:
    # Places with as many hashes of subtrees.
    first, second = store.get("audit", place(4)), store.get("audit", place(6))
    store.put("audit", place(4), second)
    store.put("audit", place(6), first)


def cut(store: rocks.RocksDirectory, size: int) -> None:
    for number in range(size - 3, size):
        store.delete("audit", place(number))


def cut_with_heads(store: rocks.RocksDirectory, size: int) -> None:
    cut(store, size)
    for number in range(size + 1):
        store.delete("audit-heads", place(number))


def forge_head(store: rocks.RocksDirectory, size: int) -> None:
    head = store.get("audit-heads", place(size))
    store.put("audit-heads", place(size), head[:-4] + (b"AA==" if head[-4:-2] != b"AA" else b"BB==")[:4])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (delete, "deleted"),
        (edit, "edited"),
        (swap, "reordered"),
        (cut, "truncated"),
        (cut_with_heads, "rolled_back"),
        (forge_head, "head_damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_somebody_changed_behind_the_gateways_back_is_named(workshop, change, name) -> None:
    library = rocks.library()
    if library is None:
        pytest.skip("RocksDB's library is not found")
    gateway = auditing(workshop, persistence={"encrypt": False})
    client = ModernClient(gateway.port)
    for number in range(20):
        client.call("s__echo", {"n": number})
        if number == 9:
            # Of entries that are written together 16 would be one value; these are each a value of their own.
            eventually(lambda: len(search(gateway, "--kind", "call")) == 10, 5, "ten entries")
    gateway.stop()
    report = verdict(gateway)
    assert report["sound"]
    with rocks.opened(library, data(gateway) / "core") as store:
        change(store, report["size"])
    names = [finding["name"] for finding in verdict(gateway, check=1)["findings"]]
    assert name in names, names
    if name in ("truncated", "rolled_back", "head_damaged"):
        # What lies at the log's end is found at the next start too.
        gateway.start()
        reason = eventually(lambda: audit_reason(gateway), 10, "the finding in /readyz")
        assert reason["state"] == "tampered", reason
        assert eventually(lambda: search(gateway, "--kind", "finding"), 5, "the finding in the log")


def test_a_gateway_that_finds_an_older_state_says_so(workshop) -> None:
    gateway = auditing(workshop)
    ModernClient(gateway.port).call("s__echo", {"n": 1})
    gateway.stop()
    shutil.copytree(data(gateway) / "core", gateway.directory / "older")
    gateway.start()
    ModernClient(gateway.port).call("s__echo", {"n": 2})
    gateway.stop()
    shutil.rmtree(data(gateway) / "core")
    shutil.copytree(gateway.directory / "older", data(gateway) / "core")
    assert [finding["name"] for finding in verdict(gateway, check=1)["findings"]] == ["rolled_back"]
    gateway.start()
    reason = eventually(lambda: audit_reason(gateway), 10, "the finding in /readyz")
    assert reason["state"] == "tampered" and "rolled back" in reason["detail"]
    assert ModernClient(gateway.port).call("s__echo", {"n": 3}).status == 200
    (finding,) = eventually(lambda: search(gateway, "--kind", "finding"), 5, "the finding in the log")
    assert "rolled back" in finding["findings"][0]


def test_those_who_are_turned_away_are_in_the_log(workshop) -> None:
    secret = {"principal": "ada", "hash": "sha256:" + "0" * 64}
    gateway = auditing(workshop, security={"keys": [secret]})
    client = ModernClient(gateway.port)
    assert client.call("s__echo", {}).status == 401
    (row,) = eventually(lambda: search(gateway, "--kind", "access"), 2.5, "the refusal")
    assert (row["status"], row["path"]) == (401, "/mcp")


def test_who_names_another_host_or_origin_is_in_the_log(workshop) -> None:
    gateway = auditing(workshop)
    for address, fields in [
        (gateway.port, {"Host": "evil.example"}),
        (gateway.port, {"Origin": "http://evil.example"}),
        (gateway.admin_port, {"Host": "rebound.example"}),
    ]:
        connection = http.client.HTTPConnection("127.0.0.1", address, timeout=10)
        connection.request("GET", "/mcp?key=secret", headers=fields)
        assert connection.getresponse().status == 403
        connection.close()
    rows = eventually(
        lambda: (found := search(gateway, "--kind", "access")) and len(found) == 3 and found,
        2.5,
        "three refusals",
    )
    assert {(row["status"], row["path"]) for row in rows} == {(403, "/mcp")}
    told = " ".join(row["reason"] for row in rows)
    assert all(name in told for name in ("evil.example", "http://evil.example", "rebound.example"))
    assert "secret" not in json.dumps(rows)


def test_what_operators_do_by_commands_is_in_the_log_beside_a_gateway_and_without_one(workshop) -> None:
    gateway = auditing(workshop, learning={"model_update_interval": 1})
    client = ModernClient(gateway.port)

    def has_model() -> bool:
        client.call("s__echo", {"n": 1})
        return bool(gateway.listing("model", "list"))

    eventually(has_model, 20, "a model")
    gateway.command("keys", "rotate")
    gateway.command("model", "tag", "before")
    gateway.command("model", "rollback", "nothing", check=1)
    eventually(lambda: ("model rollback", "command", "failed") in acts(gateway), 5, "the acts")
    eventually(lambda: acts(gateway).count(("keys", "file", "in force")) == 2, 5, "the new key")
    gateway.stop()
    gateway.command("keys", "rotate", "--key")
    gateway.command("model", "tag", "--delete", "before")
    gateway.command("store", "compact")
    assert acts(gateway)[:4] == [
        ("store compact", "command", "applied"),
        ("store compact", "command", "applied"),
        ("model tag", "command", "applied"),
        ("keys rotate", "command", "applied"),
    ]
    assert set(acts(gateway)[4:]) == {
        ("model rollback", "command", "failed"),
        ("model tag", "command", "applied"),
        ("keys rotate", "command", "applied"),
        ("keys", "file", "in force"),
    }
    rows = search(gateway, "--kind", "admin")
    assert all(row["details"][0].startswith("by ") for row in rows if row["origin"] == "command")
    assert verdict(gateway)["sound"]
    gateway.start()
    assert audit_reason(gateway) is None
    eventually(lambda: acts(gateway)[0] == ("keys", "file", "in force"), 5, "the keys of the new start")
    gateway.stop()
    assert verdict(gateway)["sound"]


def test_every_answered_call_outlives_kills_where_that_is_asked_for(workshop) -> None:
    gateway = auditing(workshop, security={"audit": "durable"})
    answered: list[str] = []
    for life in range(4):
        ended = threading.Event()

        def load() -> None:
            client = ModernClient(gateway.port)
            while not ended.is_set():
                try:
                    answer = client.call("s__echo", {"life": life})
                except OSError:
                    return
                if answer.status == 200:
                    answered.append(answer.headers["attune-call-id"])

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.7 + 0.3 * life)
        gateway.kill()
        ended.set()
        for thread in threads:
            thread.join(30)
        gateway.sweep_servers()
        assert verdict(gateway)["sound"]
        found = {row["call_id"] for row in search(gateway, "--kind", "call")}
        assert set(answered) <= found, len(set(answered) - found)
        gateway.start()
    assert len(answered) > 50
    assert audit_reason(gateway) is None


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(line, capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: pathlib.Path) -> pathlib.Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 65536):
                pass
        except OSError:
            pass
        try:
            while file.write(b"x"):
                pass
        except OSError:
            pass
    return ballast


@pytest.mark.parametrize("on_failure", ["default", "serve"])
def test_a_full_disk_refuses_or_serves_and_is_recovered_from(workshop, small_disk, on_failure) -> None:
    chosen = {} if on_failure == "default" else {"on_failure": on_failure}
    gateway = auditing(
        workshop,
        memory={"profile": "edge"},
        security={"audit": "durable"} | chosen,
        persistence={"rocksdb_path": str(small_disk)},
    )
    client = ModernClient(gateway.port)
    first = client.call("s__echo", {"n": 0}).headers["attune-call-id"]
    ballast = fill(small_disk)
    reason, refusals = None, []
    # Opening the store anew makes room for a while, and whoever wrote after the one that failed was told only
    # that the store has stopped.
    # The store's log has room of its own, which takes some thousands of calls to fill.
    end = time.monotonic() + 120
    number = 0
    while time.monotonic() < end:
        number += 1
        answer = client.call("s__echo", {"n": number, "text": "y" * 14000})
        if "error" in answer.message:
            refusals.append(answer.message["error"])
        now = audit_reason(gateway)
        if now and now["state"] == "down" and "no space left" in now["detail"]:
            reason = now
        if reason and (refusals or on_failure == "serve"):
            break
    assert reason, audit_reason(gateway)
    if on_failure == "default":
        assert refusals[0]["code"] == 1004 and refusals[0]["data"]["attune"]["reason"] == "audit"
    else:
        assert refusals == []
    ballast.unlink()
    eventually(lambda: audit_reason(gateway) is None, 15, "an audit log that is written again")
    last = client.call("s__echo", {"n": 10}).headers["attune-call-id"]
    found = {row["call_id"] for row in search(gateway, "--kind", "call")}
    assert {first, last} <= found
    assert verdict(gateway)["sound"]


def test_without_an_audit_log_nothing_is_kept_and_that_is_said(workshop) -> None:
    gateway = auditing(workshop, security={"audit": "off"})
    ModernClient(gateway.port).call("s__echo", {"n": 1})
    assert not (data(gateway) / "keys" / "audit.key").exists()
    assert gateway.get("/api/v1/audit")[0] == 503
    gateway.stop()
    assert b"audit.key cannot be read" in gateway.command("audit", "verify", check=1).stderr
