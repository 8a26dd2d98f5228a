"""`attune model`: the history of what was learned, looked at and changed beside a gateway that runs."""

import json
import re
import stat

from test_learner import attached, calls_of, servers

from harness.places import eventually
from harness.wire import LegacyClient


def call(gateway, tool: str, count: int) -> None:
    client = LegacyClient(gateway.port).initialize()
    for number in range(count):
        assert client.call(tool, {"n": number}).status == 200


def versions(gateway, *arguments: str) -> list[dict]:
    done = gateway.command("model", "log", "-o", "json", *arguments, check=None)
    return json.loads(done.stdout) if done.returncode == 0 else []


def version_of(gateway, calls: int) -> dict:
    """The version in use, once it has so many calls."""

    def found() -> dict | None:
        rows = versions(gateway)
        return rows[0] if rows and rows[0]["metrics"]["calls"] == calls else None

    return eventually(found, 20, f"a version of {calls} calls")


def change(gateway, *arguments: object) -> dict:
    return json.loads(gateway.command("model", *arguments, "-o", "json").stdout)


def test_versions_are_looked_at_and_changed_beside_the_gateway(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)
    call(gateway, "s__echo", 5)
    first = version_of(gateway, 5)
    sockets = list(gateway.directory.glob("**/models-*.sock"))
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in sockets)
    call(gateway, "s__echo", 5)
    second = version_of(gateway, 10)
    assert second["version"] > first["version"] and len(second["id"]) == 64
    assert b"* " in gateway.command("model", "log", "--graph").stdout

    shown = change(gateway, "show", second["id"][:12])
    assert {part["name"] for part in shown["parts"]} >= {"counts", "tools"}
    # The version before is judged by the calls that came after it.
    assert shown["data"]["features"] == 1 and shown["data"]["predictions"] == 1
    assert 0 < shown["data"]["metrics"]["brier"] < 0.3
    judged = gateway.command("model", "show", second["id"]).stdout
    assert re.search(rb"judged   failure s/s__echo: [\d.]+ % forecast, 0[.\d]* % came", judged), judged
    difference = change(gateway, "diff", first["id"], second["id"])
    tool = next(item for item in difference["items"] if item["part"] == "tools")
    calls = next(field for field in tool["fields"] if field["name"] == "calls")
    assert (calls["old"], calls["new"]) == (5, 10)

    change(gateway, "tag", "good", first["id"])
    change(gateway, "branch", "side", first["id"])
    assert {row["name"] for row in gateway.listing("model", "branch")} == {"main", "side"}
    rolled = change(gateway, "rollback", "good")
    assert rolled["id"] == first["id"]
    eventually(lambda: calls_of(gateway) == 5, 10, "the learner goes on from the first version")
    call(gateway, "s__echo", 2)
    version_of(gateway, 7)
    merged = change(gateway, "merge", second["id"])
    assert change(gateway, "show", merged["id"])["parents"][1] == second["id"]
    eventually(lambda: calls_of(gateway) == 12, 10, "what both branches learned")
    change(gateway, "revert", merged["id"])
    eventually(lambda: calls_of(gateway) == 7, 10, "the merge is undone")

    models = gateway.json("/api/v1/models")["items"]
    assert models[0]["name"] == "learner" and models[0]["branch"] == "main" and models[0]["recent"]
    verdict = change(gateway, "fsck")
    assert verdict["sound"] and verdict["findings"] == []
    collected = change(gateway, "gc")
    assert collected["removed_objects"] == collected["removed_versions"] == 0
    moves = gateway.listing("model", "reflog")
    assert {"commit", "rollback", "merge", "revert", "tag", "branch"} <= {row["action"] for row in moves}


def test_the_store_of_a_learner_that_runs_is_copied_and_compacted(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)
    call(gateway, "s__echo", 4)
    version = version_of(gateway, 4)
    (beside,) = gateway.listing("store", "checkpoint", "beside", "--store", "learner")
    assert beside["path"].endswith("beside/learner")
    refused = gateway.command("store", "checkpoint", "beside", "--store", "learner", check=1)
    assert b"is there already" in refused.stderr and b"next: " in refused.stderr
    (compacted,) = gateway.listing("store", "compact", "--store", "learner")
    assert compacted["bytes_before"] > 0 and compacted["bytes_after"] > 0
    assert {row["store"] for row in gateway.listing("store", "compact")} == {"core", "learner"}
    assert len(gateway.listing("store", "checkpoint", "both")) == 2
    call(gateway, "s__echo", 2)
    version_of(gateway, 6)
    gateway.stop()
    gateway.sections["persistence"] = {
        "rocksdb_path": str(gateway.directory / "beside"),
        "key": f"file:{gateway.directory / 'data' / 'attune' / 'keys' / 'store.key'}",
    }
    gateway.write_configuration()
    assert versions(gateway)[0]["id"] == version["id"]
    assert change(gateway, "fsck")["sound"]


def test_a_bundle_brings_a_model_to_another_gateway(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)
    call(gateway, "s__echo", 4)
    version = version_of(gateway, 4)
    file = gateway.directory / "model.bundle"
    objects = change(gateway, "bundle", file)["objects"]
    assert objects > 3
    gateway.stop()
    # Without a gateway commands open the store themselves.
    assert change(gateway, "import", file)["new_objects"] == 0
    # One that never served anything; the first version of its learner is what came.
    other = workshop.gateway(servers(workshop, model_update_interval=0.3), start=False)
    assert change(other, "import", file)["new_objects"] == objects
    assert versions(other)[0]["id"] == version["id"]
    other.start()
    attached(other)
    eventually(lambda: calls_of(other, "s__echo") == 4, 20, "what the other gateway learned")
    other.stop()
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    done = gateway.command("model", "import", file, check=1)
    assert b"the bundle was not taken" in done.stderr and b"next: " in done.stderr
    assert change(gateway, "fsck")["sound"]
    assert versions(gateway)[0]["id"] == version["id"]


def test_what_is_not_there_is_told(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)
    done = gateway.command("model", "log", check=1)
    assert b'there is no model "learner"' in done.stderr and b"model_update_interval" in done.stderr
    call(gateway, "s__echo", 1)
    version_of(gateway, 1)
    for arguments in (("show", "nothing"), ("checkout", "nothing"), ("rollback", "HEAD~99")):
        done = gateway.command("model", *arguments, check=1)
        assert b"names no branch, tag or commit" in done.stderr and b"next: " in done.stderr, done.stderr
    done = gateway.command("model", "log", "--model", "other", check=1)
    assert b'there is no model "other"' in done.stderr
