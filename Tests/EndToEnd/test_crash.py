"""A gateway that is killed amid calls, again and again: what it kept is whole, and all of it is sound."""

import json
import os
import random
import threading
import time
from collections import defaultdict

from harness.places import eventually
from harness.wire import ModernClient

#: Dozens in CI; `make soak` has hundreds.
KILLS = int(os.environ.get("ATTUNE_CRASH_KILLS", "24"))
CLIENTS = 3
#: Kills between two looks at all that is on disk.
LOOKS = 4
#: How long before a kill a call was answered that has to be in the journal: many times what one turn takes.
SETTLED_SECONDS = 0.75


class Ledger:
    """What clients were told: the calls of each life of the gateway and each client, one after the other."""

    def __init__(self) -> None:
        self.answered: dict[tuple[int, int], list[str]] = defaultdict(list)
        self.settled: dict[tuple[int, int], int] = {}

    def settle(self, life: int) -> None:
        """What was answered so far is to be kept."""
        for client in range(CLIENTS):
            self.settled[life, client] = len(self.answered[life, client])

    def call(self, port: int, life: int, client: int) -> None:
        """Calls until the gateway is gone."""
        mine = self.answered[life, client]
        wire = ModernClient(port)
        try:
            while True:
                answer = wire.call("s__echo", {"life": life, "client": client, "n": len(mine)})
                assert answer.status == 200, answer.body
                mine.append(answer.headers["attune-call-id"])
        except (OSError, EOFError, ValueError):
            return

    def ids(self) -> set[str]:
        return {identifier for ids in self.answered.values() for identifier in ids}


def killed_amid_calls(gateway, ledger: Ledger, life: int, seconds: float) -> None:
    callers = [
        threading.Thread(target=ledger.call, args=(gateway.port, life, client)) for client in range(CLIENTS)
    ]
    for caller in callers:
        caller.start()
    time.sleep(max(0, seconds - SETTLED_SECONDS))
    ledger.settle(life)
    time.sleep(min(seconds, SETTLED_SECONDS))
    gateway.kill()
    for caller in callers:
        caller.join()
    gateway.sweep_servers()


def check_stores(gateway, _: Ledger) -> None:
    reports = gateway.listing("store", "verify")
    assert reports
    for report in reports:
        assert report["sound"], report


def check_journal(gateway, ledger: Ledger) -> None:
    """Of each client's calls in each life a first part without a gap, with all that was answered some time
    before the kill: one loop, so one order."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for line in gateway.command("export", "observations", timeout=120).stdout.splitlines():
        arguments = json.loads(json.loads(line)["args"])
        found[arguments["life"], arguments["client"]].append(arguments["n"])
    for who, numbers in found.items():
        assert numbers == list(range(len(numbers))), f"a gap in life and client {who}"
        # The last call may have been carried out and its answer lost with the gateway.
        assert len(numbers) <= len(ledger.answered[who]) + 1, who
    for who, count in ledger.settled.items():
        assert len(found[who]) >= count, f"{who}: {len(found[who])} of {count} are in the journal"


def versions(gateway) -> list[dict]:
    """Versions of the learner's model, the last one first."""
    return json.loads(gateway.command("model", "log", "-n", "0", "-o", "json").stdout)


def check_models(gateway, _: Ledger) -> None:
    """A learner that was killed before its first version has none yet; the end of the test asks for one."""
    if (gateway.directory / "data" / "attune" / "learner" / "CURRENT").exists():
        report = json.loads(gateway.command("model", "fsck", "-o", "json").stdout)
        assert report["sound"], report


def check_audit(gateway, _: Ledger) -> None:
    """What a kill left of the audit log is whole, and no other log than the witness saw."""
    report = gateway.command("audit", "verify", timeout=120, check=None)
    assert report.returncode == 0, report.stdout + report.stderr


CHECKS = [check_stores, check_journal, check_models, check_audit]


def test_what_is_kept_outlives_kills_amid_calls(workshop) -> None:
    seed = random.randrange(1 << 32)
    print(f"crash test: seed {seed}")
    chance = random.Random(seed)
    gateway = workshop.gateway(
        {
            "core": {"threads": 1},
            "servers.s": workshop.steered("s", "--era", "modern"),
            "memory": {"profile": "edge"},
            "learning": {"capture": "full", "model_update_interval": 0.2},
            "persistence": {"checkpoint_interval": 1},
        },
        start=False,
    )
    ledger = Ledger()
    for life in range(KILLS):
        gateway.launch()
        # One in five is killed while it starts.
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0, 0.3))
            gateway.kill()
            gateway.sweep_servers()
        else:
            eventually(gateway.ready_or_dead, 30, f"/readyz; the log:\n{gateway.log()}")
            killed_amid_calls(gateway, ledger, life, chance.uniform(0, 2))
        if life % LOOKS == LOOKS - 1:
            for check in CHECKS:
                check(gateway, ledger)
    gateway.start()
    eventually(lambda: gateway.json("/readyz")["status"] == "ready", 20, "a gateway that is well")
    gateway.stop()
    for check in CHECKS:
        check(gateway, ledger)
    made = versions(gateway)
    assert made and made[0]["metrics"]["calls"] > 0, "no learner made a version"
    assert [one["version"] for one in made] == list(reversed(range(len(made)))), made
    assert len(ledger.ids()) > KILLS and any(ledger.settled.values())
