"""Encryption at rest: what is on the disk, whose key opens it, and how keys are renewed."""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import threading
import time

import pytest

from harness.places import binary, eventually
from harness.wire import ModernClient

CANARY = "canary-5e1d"


def sealed(workshop, start: bool = True, **sections: dict):
    servers = {"servers.s": workshop.steered("s", "--era", "modern")}
    sections.setdefault("learning", {"capture": "full"})
    sections["persistence"] = {"encrypt": True} | sections.get("persistence", {})
    return workshop.gateway(servers | sections, start)


def data(gateway) -> pathlib.Path:
    return gateway.directory / "data" / "attune"


def observations(gateway) -> list[dict]:
    lines = gateway.command("export", "observations").stdout.splitlines()
    return [json.loads(line) for line in lines]


def journaled(gateway, count: int) -> list[dict]:
    return eventually(
        lambda: (rows := observations(gateway)) and len(rows) == count and rows, 10, f"{count} calls"
    )


def call(gateway, number: int = 0) -> None:
    assert ModernClient(gateway.port).call("s__echo", {"n": number, "secret": CANARY}).status == 200


def files_with_canary(folder: pathlib.Path, canary: str = CANARY) -> list[pathlib.Path]:
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and canary.encode() in file.read_bytes()
    ]


def status(gateway, check: int | None = 0) -> dict:
    return json.loads(gateway.command("keys", "status", "-o", "json", check=check).stdout)


def refused(gateway) -> str:
    """What a gateway says that does not start; it has to end within 15 s."""
    begun = time.monotonic()
    done = subprocess.run(
        [binary(), "run", "--config", gateway.file],
        capture_output=True,
        cwd=gateway.directory,
        env=gateway.environment(),
        timeout=15,
    )
    assert done.returncode == 1, done.stderr
    assert time.monotonic() - begun < 15
    return done.stderr.decode()


def configure(gateway, **persistence: object) -> None:
    gateway.sections["persistence"] = {"encrypt": True} | persistence
    gateway.write_configuration()


def make_key(path: pathlib.Path, text: str | None = None) -> pathlib.Path:
    path.write_text((text or os.urandom(32).hex()) + "\n")
    path.chmod(0o600)
    return path


def test_nothing_of_what_is_said_is_in_the_data_directory(workshop) -> None:
    gateway = sealed(
        workshop,
        learning={"capture": "full", "model_update_interval": 1},
        persistence={"checkpoint_interval": 1},
    )
    for number in range(20):
        call(gateway, number)
    rows = journaled(gateway, 20)
    eventually(
        lambda: gateway.command("model", "log", check=None).stdout, 15, "a version of the learner's model"
    )
    assert all(CANARY in row["args"] and CANARY in row["result"] for row in rows)
    copies = data(gateway) / "checkpoints"
    eventually(lambda: any(copies.glob("*/core/STORE")) and any(copies.glob("*/keys/data.keys")), 10)
    assert files_with_canary(gateway.directory / "data") == []
    gateway.stop()
    # There is something in every column family that could give it away; gaps in a history come after a day.
    for store in gateway.listing("store", "stats"):
        name = store["store"]
        lines = gateway.command("store", "export", "--store", name).stdout.splitlines()
        filled = {json.loads(line)["family"] for line in lines}
        assert filled == {family["family"] for family in store["families"]} - {"model-grafts"}, name
    gateway.command("store", "compact")
    gateway.command("store", "checkpoint", "copy")
    assert files_with_canary(gateway.directory / "data") == []
    assert files_with_canary(gateway.directory / "copy") == []
    # The name of the tool is in the journal, and in the learner's model.
    assert files_with_canary(gateway.directory / "data", "s__echo") == []
    assert [row["state"] for row in status(gateway)["stores"]] == ["sealed", "sealed"]
    key = data(gateway) / "keys" / "store.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((key.parent / "data.keys").stat().st_mode) == 0o600
    gateway.sections["persistence"] = {
        "encrypt": True,
        "rocksdb_path": str(gateway.directory / "copy"),
        "key": f"file:{key}",
    }
    gateway.write_configuration()
    assert len(observations(gateway)) == 20


def test_a_wrong_key_ends_the_start_and_every_command(workshop, tmp_path) -> None:
    key = make_key(tmp_path / "key")
    gateway = sealed(workshop, persistence={"key": f"file:{key}"})
    call(gateway)
    journaled(gateway, 1)
    gateway.stop()
    right = key.read_text()
    make_key(key)
    said = refused(gateway)
    assert "the key is wrong" in said and "data.keys was made for key" in said
    for command in (("export", "observations"), ("store", "export"), ("store", "verify")):
        done = gateway.command(*command, check=1)
        assert b"the key is wrong" in done.stdout + done.stderr, command
    report = status(gateway, check=1)
    assert not report["sound"] and "the key is wrong" in report["problem"]
    assert gateway.command("keys", "rotate", check=1).stdout == b""
    doctor = gateway.command("doctor", check=1).stdout.decode()
    assert "the key is wrong" in doctor
    make_key(key, right.strip())
    gateway.start()
    journaled(gateway, 1)


def test_a_key_that_is_gone_is_not_replaced(workshop) -> None:
    gateway = sealed(workshop)
    call(gateway)
    journaled(gateway, 1)
    gateway.stop()
    keys = data(gateway) / "keys"
    away = gateway.directory / "away"
    (keys / "store.key").rename(away)
    assert "store.key is not there" in refused(gateway)
    assert not (keys / "store.key").exists()
    away.rename(keys / "store.key")
    (keys / "data.keys").rename(away)
    assert "data.keys is not there, and the values of" in refused(gateway)
    shutil.rmtree(keys)
    assert "data.keys is not there, and the values of" in refused(gateway)
    assert not (keys / "store.key").exists() and not (keys / "data.keys").exists()
    assert gateway.command("keys", "init", check=1).stdout == b""
    assert b"data.keys is not there" in gateway.command("export", "observations", check=1).stderr


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda key: key.chmod(0o640), "may be read by others (mode 0640)"),
        (lambda key: key.write_text("00ff\n"), "no key of 32 bytes"),
        (lambda key: key.write_text(""), "there is no key in it"),
    ],
    ids=["open to others", "too short", "empty"],
)
def test_a_key_file_that_is_no_good_is_told(workshop, tmp_path, spoil, words) -> None:
    key = make_key(tmp_path / "key")
    gateway = sealed(workshop, start=False, persistence={"key": f"file:{key}"})
    (gateway.directory / "data").mkdir()
    spoil(key)
    assert words in refused(gateway)
    assert not (data(gateway) / "core").exists()


def test_a_key_comes_from_the_environment_or_a_command(workshop, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("ATTUNE_TEST_KEY", os.urandom(32).hex())
    gateway = sealed(workshop, persistence={"key": "env:ATTUNE_TEST_KEY"})
    call(gateway)
    journaled(gateway, 1)
    gateway.stop()
    assert not (data(gateway) / "keys" / "store.key").exists()
    configure(gateway, key='command:printf "%s" "$ATTUNE_TEST_KEY"')
    assert len(observations(gateway)) == 1
    gateway.start()
    gateway.stop()
    configure(gateway, key="command:exit 3")
    assert "ended with status 3" in refused(gateway)
    configure(gateway, key="env:ATTUNE_NO_SUCH_KEY")
    assert "ATTUNE_NO_SUCH_KEY is not set" in refused(gateway)
    configure(gateway, key=f"file:{tmp_path / 'not-there'}")
    assert "is not there" in refused(gateway)
    assert not (tmp_path / "not-there").exists()


def test_a_key_file_that_is_named_is_made_when_it_is_absent(workshop, tmp_path) -> None:
    key = tmp_path / "deep" / "key"
    gateway = sealed(workshop, persistence={"key": f"file:{key}"})
    call(gateway)
    journaled(gateway, 1)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and len(key.read_text().strip()) == 64


def test_what_was_written_before_there_were_keys_is_sealed_at_the_next_start(workshop) -> None:
    gateway = sealed(workshop, persistence={"encrypt": False})
    for number in range(30):
        call(gateway, number)
    journaled(gateway, 30)
    assert not (data(gateway) / "keys" / "data.keys").exists()
    gateway.stop()
    assert files_with_canary(data(gateway)) != []
    configure(gateway, encrypt=True)
    assert len(observations(gateway)) == 30
    gateway.start()
    call(gateway, 30)
    journaled(gateway, 31)
    gateway.stop()
    assert files_with_canary(data(gateway)) == []
    assert [row["state"] for row in status(gateway)["stores"] if row["store"] == "core"] == ["sealed"]
    # The way back is not taken silently.
    configure(gateway, encrypt=False)
    gateway.start()
    reasons = eventually(lambda: gateway.json("/readyz")["reasons"])
    assert "its values are sealed, and [persistence] encrypt is false" in reasons[0]["detail"]
    call(gateway, 31)
    gateway.stop()
    assert b"its values are sealed" in gateway.command("export", "observations", check=1).stderr
    configure(gateway, encrypt=True)
    assert len(observations(gateway)) == 31


def test_values_that_were_written_beside_the_keys_are_taken_only_when_that_is_said(workshop) -> None:
    gateway = sealed(workshop, start=False)
    gateway.command("keys", "init")
    configure(gateway, encrypt=False)
    gateway.start()
    call(gateway)
    journaled(gateway, 1)
    gateway.stop()
    configure(gateway, encrypt=True)
    gateway.start()
    reasons = eventually(lambda: gateway.json("/readyz")["reasons"])
    assert "its values are not sealed, and [persistence] encrypt is true" in reasons[0]["detail"]
    gateway.stop()
    assert b"--adopt" in gateway.command("export", "observations", check=1).stderr
    done = json.loads(gateway.command("keys", "init", "--adopt", "-o", "json").stdout)
    assert "core" in done["adopts"] and not done["made"]
    gateway.start()
    call(gateway, 1)
    journaled(gateway, 2)
    gateway.stop()
    assert files_with_canary(data(gateway)) == []


def test_keys_are_renewed_beside_a_gateway_under_load_that_is_killed(workshop) -> None:
    gateway = sealed(workshop)
    sent, ended = [0], threading.Event()

    def load() -> None:
        while not ended.is_set():
            try:
                ModernClient(gateway.port).call("s__echo", {"n": sent[0], "text": "x" * 2000})
                sent[0] += 1
            except (OSError, AssertionError):
                time.sleep(0.05)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        for life in range(4):
            time.sleep(1)
            made = json.loads(gateway.command("keys", "rotate", "-o", "json").stdout)
            assert made["epoch"] == life + 2
            # In the midst of sealing anew, or shortly before or after.
            time.sleep(0.3 * life)
            before = len(observations(gateway))
            gateway.kill()
            assert len(observations(gateway)) >= before
            gateway.start()
    finally:
        ended.set()
        thread.join()
    assert sent[0] > 20
    eventually(lambda: status(gateway)["stores"][0]["oldest_epoch"] == 5, 20, "values sealed anew")
    report = status(gateway)
    assert [key["epoch"] for key in report["data_keys"]] == [1, 2, 3, 4, 5] and report["sound"]
    assert report["most_data_keys"] == 4096
    eventually(lambda: status(gateway)["unused_data_keys"] == 4, 20, "values of both stores sealed anew")
    (verdict,) = [row for row in gateway.listing("store", "verify") if row["store"] == "core"]
    assert verdict["sound"]


def test_the_key_of_the_keys_is_renewed_beside_a_gateway(workshop) -> None:
    gateway = sealed(workshop, persistence={"checkpoint_interval": 1})
    call(gateway)
    journaled(gateway, 1)
    copies = data(gateway) / "checkpoints"
    eventually(lambda: any(copies.glob("*/keys/data.keys")), 10, "a checkpoint")
    key = data(gateway) / "keys" / "store.key"
    old = key.read_text()
    made = json.loads(gateway.command("keys", "rotate", "--key", "-o", "json").stdout)
    assert made["key_renewed"] and pathlib.Path(made["kept_at"]).read_text() == old
    assert key.read_text() != old and len(key.read_text().split()) == 1
    call(gateway, 1)
    journaled(gateway, 2)
    gateway.command("keys", "rotate")
    eventually(lambda: status(gateway)["stores"][0]["oldest_epoch"] == 3, 10, "values sealed anew")
    assert gateway.json("/readyz")["status"] == "ready"
    gateway.stop()
    assert status(gateway)["key_id"] == made["key_id"]
    last = max(path.parent.parent for path in copies.glob("*/keys/data.keys"))
    configure(gateway, rocksdb_path=str(last), key=f"file:{key}")
    assert len(observations(gateway)) >= 1


def test_a_damaged_value_is_told_with_its_place(workshop) -> None:
    gateway = sealed(workshop, persistence={"compression": "none"})
    call(gateway)
    journaled(gateway, 1)
    gateway.stop()
    ring = data(gateway) / "keys" / "data.keys"
    text = ring.read_text()
    ring.write_text(text.replace('"ring":"', '"ring":"AAAA'))
    assert "data.keys is damaged" in refused(gateway)
    ring.write_text(text)
    assert len(observations(gateway)) == 1


def test_the_keys_are_told_by_the_doctor(workshop) -> None:
    gateway = sealed(workshop)
    rows = json.loads(gateway.command("doctor", "-o", "json", check=None).stdout)
    (row,) = [row for row in rows if row["check"] == "encryption"]
    assert row["status"] == "ok" and "data key 1" in row["detail"]
    gateway.stop()
    (data(gateway) / "keys" / "store.key").chmod(0o644)
    rows = json.loads(gateway.command("doctor", "-o", "json", check=1).stdout)
    (row,) = [row for row in rows if row["check"] == "encryption"]
    assert row["status"] == "fail" and "chmod 600" in row["next"]
