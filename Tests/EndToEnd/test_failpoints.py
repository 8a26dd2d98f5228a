"""Every failpoint of a gateway, its learner and the commands: killed there, all that was kept is there."""

import json
import os
import signal
import time

import pytest

from harness.failpoints import Failpoint, failpoints
from harness.places import eventually
from harness.wire import ModernClient

GATEWAY, LEARNER, COMMAND = "ATTUNE_FAILPOINT", "ATTUNE_LEARNER_FAILPOINT", "ATTUNE_FAILPOINT"
#: What a gateway does within this time it does not do.
PATIENCE = 20
#: Run one after the other in a directory with a store, until one is killed; nothing of them may be lost.
COMMANDS: list[tuple[str, ...]] = [
    ("store", "checkpoint", "copy"),
    ("store", "compact"),
    ("keys", "rotate", "--key"),
]
#: Reached where a gateway finds stores that were written without keys.
UNSEALED = ("keys.made", "seal.adopting", "seal.adopted", "seal.purging")


def sections(shop) -> dict:
    """All that a gateway may keep, with times so short that each happens within a test."""
    return {
        "servers.s": shop.steered("s", "--era", "modern"),
        "memory": {"profile": "edge"},
        "learning": {"capture": "full", "model_update_interval": 0.2},
        "persistence": {"checkpoint_interval": 1},
    }


def exported(gateway) -> list[str]:
    lines = gateway.command("export", "observations").stdout.splitlines()
    return [json.loads(line)["call_id"] for line in lines]


def calls(gateway, count: int) -> list[str]:
    """The ids of so many calls that were answered; fewer where the gateway ends."""
    client = ModernClient(gateway.port)
    ids = []
    for number in range(count):
        try:
            answer = client.call("s__echo", {"n": number, "text": "lorem ipsum " * 20})
        except OSError:
            break
        if answer.status == 200:
            ids.append(answer.headers["attune-call-id"])
    return ids


def prepared(workshop, seals: bool = True):
    """A gateway that was stopped, and the ids of the calls that are in its journal."""
    gateway = workshop.gateway(sections(workshop), start=False)
    gateway.sections["persistence"]["encrypt"] = seals
    gateway.write_configuration()
    gateway.start()
    ids = calls(gateway, 60)
    assert gateway.stop() == 0
    assert exported(gateway) == ids
    return gateway, ids


def check(gateway) -> None:
    """All that is on disk is sound."""
    for report in gateway.listing("store", "verify"):
        assert report["sound"], report
    gateway.command("audit", "verify")


def killed(gateway, seconds: float = PATIENCE) -> bool:
    """Calls until the gateway has ended; true if it was killed."""
    deadline = time.monotonic() + seconds
    while gateway.process.poll() is None and time.monotonic() < deadline:
        if gateway.get("/readyz", timeout=1)[0] == 200:
            calls(gateway, 5)
        time.sleep(0.02)
    return gateway.process.poll() == -signal.SIGKILL


@pytest.mark.parametrize("point", failpoints("gateway"), ids=str)
def test_a_gateway_is_killed_there_and_the_next_goes_on(workshop, point: Failpoint) -> None:
    gateway, ids = prepared(workshop, seals=point.name not in UNSEALED)
    sweeps = "swe" in point.name
    gateway.sections["persistence"] = {"checkpoint_interval": 1} | ({"retention_bytes": 1} if sweeps else {})
    gateway.write_configuration()
    gateway.variables = {GATEWAY: f"{point}=kill"}
    gateway.launch()
    gateway.variables = {}
    if point.name.startswith("seal.renew"):
        # Beside it: a command that finds no gateway opens the store, and seals anew what it can itself.
        eventually(gateway.ready_or_dead, 30, f"/readyz; the log:\n{gateway.log()}")
        gateway.command("keys", "rotate")
    was_killed = killed(gateway)
    gateway.kill()
    gateway.sweep_servers()
    assert was_killed, f"{point} was not reached:\n{gateway.log()}"
    gateway.sections["persistence"] = {"checkpoint_interval": 1}
    gateway.write_configuration()
    # What is half sealed is read again once a gateway has gone on with it.
    if point.name not in UNSEALED:
        check(gateway)
        # What is deleted to keep the bounds may be gone; nothing else.
        assert sweeps or exported(gateway)[: len(ids)] == ids
    gateway.start()
    new = calls(gateway, 20)
    eventually(lambda: exported(gateway)[-20:] == new, 10, "the calls after the kill")
    assert gateway.json("/readyz")["status"] == "ready"
    assert gateway.stop() == 0
    check(gateway)
    assert sweeps or exported(gateway)[: len(ids)] == ids


@pytest.mark.parametrize("point", [one for one in failpoints("gateway") if one.can_fail], ids=str)
@pytest.mark.parametrize("action", ["error", "nospace"])
def test_what_fails_there_once_costs_no_call(workshop, point: Failpoint, action: str) -> None:
    gateway = workshop.gateway(sections(workshop), start=False)
    gateway.variables = {GATEWAY: f"{point}:1={action}"}
    gateway.start()
    ids = calls(gateway, 50)
    assert len(ids) == 50
    eventually(lambda: exported(gateway) == ids, 10, "the calls")
    eventually(lambda: gateway.json("/readyz")["status"] == "ready", 10, "a gateway that is well again")


@pytest.mark.parametrize("point", failpoints("learner"), ids=str)
def test_a_learner_is_killed_there_and_calls_go_on(workshop, point: Failpoint) -> None:
    gateway = workshop.gateway(sections(workshop), start=False)
    gateway.variables = {LEARNER: f"{point}=kill"}
    gateway.start()

    def learners() -> set[int]:
        pid = gateway.json("/api/v1/top")["learner"]["pid"]
        if pid:
            seen.add(pid)
        assert len(calls(gateway, 2)) == 2
        return seen

    seen: set[int] = set()
    eventually(lambda: len(learners()) >= 2, PATIENCE, f"a second learner, since {point} killed the first")
    gateway.stop()
    gateway.variables = {}
    check(gateway)
    gateway.start()
    assert len(calls(gateway, 20)) == 20
    eventually(
        lambda: sum(row["calls"] for row in gateway.json("/api/v1/top")["tools"]) >= 20,
        PATIENCE,
        "a learner that counts calls",
    )


@pytest.mark.parametrize("point", failpoints("command") or [None], ids=str)
def test_a_command_is_killed_there_and_the_next_does_its_work(workshop, point: Failpoint | None) -> None:
    if point is None:
        pytest.skip("no command has a failpoint of its own")
    gateway, ids = prepared(workshop)
    gateway.variables = {COMMAND: f"{point}=kill"}
    ends = [gateway.command(*line, check=None).returncode for line in COMMANDS]
    assert -signal.SIGKILL in ends, f"{point} was not reached: {ends}"
    gateway.variables = {}
    check(gateway)
    assert exported(gateway) == ids
    gateway.start()
    assert len(calls(gateway, 5)) == 5


@pytest.mark.parametrize("variable", [GATEWAY, LEARNER])
def test_a_failpoint_that_there_is_not_is_wrong_usage(workshop, variable: str) -> None:
    gateway = workshop.gateway(sections(workshop), start=False)
    gateway.variables = {variable: "store.sinking=kill"}
    line = ("learn",) if variable == LEARNER else ("store", "stats")
    for name in ("data", "config", "home"):
        os.makedirs(gateway.directory / name, exist_ok=True)
    done = gateway.command(*line, check=2)
    assert b"there is no failpoint" in done.stderr and variable.encode() in done.stderr
