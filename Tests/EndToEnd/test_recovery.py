"""What is learned outlives gateways and learners that are killed, and nothing is counted twice."""

import json
import os
import random
import signal
import time

from test_learner import Callers, attached, calls_of, learner, servers

from harness import processes
from harness.places import eventually
from harness.wire import LegacyClient


def journaled(gateway) -> int:
    lines = gateway.command("export", "observations").stdout.splitlines()
    return sum(json.loads(line)["tool"] == "s__echo" for line in lines)


def call(gateway, count: int) -> None:
    client = LegacyClient(gateway.port).initialize()
    for number in range(count):
        assert client.call("s__echo", {"n": number}).status == 200


def head(gateway) -> dict | None:
    return learner(gateway)["head"]


def test_versions_are_made_and_told(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.5))
    attached(gateway)
    call(gateway, 5)
    first = eventually(lambda: head(gateway), 15, "a first version")
    assert first["version"] >= 0 and len(first["id"]) == 64 and first["committed"].endswith("Z")
    call(gateway, 5)
    eventually(lambda: head(gateway)["version"] > first["version"], 15, "another version")
    assert head(gateway)["id"] != first["id"]
    assert learner(gateway)["fault"] is None
    idle = head(gateway)
    time.sleep(1.5)
    assert head(gateway)["version"] <= idle["version"] + 1, "nothing new makes no version"


def test_a_head_that_a_person_moved_is_taken_over_and_learned_on_from(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)

    def version_of(calls: int) -> dict | None:
        rows = gateway.listing("model", "log") if head(gateway) else []
        return next((row for row in rows if row["metrics"]["calls"] == calls), None)

    call(gateway, 5)
    first = eventually(lambda: version_of(5), 15, "a version of five calls")
    call(gateway, 5)
    eventually(lambda: version_of(10), 15, "a version of ten calls")
    eventually(lambda: calls_of(gateway) == 10, 5, "the statistics of ten calls")
    gateway.command("model", "rollback", first["id"])
    eventually(lambda: calls_of(gateway) == 5, 5, "the statistics of the first version")
    eventually(lambda: head(gateway)["id"] == first["id"], 5, "the first version as HEAD")
    call(gateway, 2)
    eventually(lambda: calls_of(gateway) == 7, 10, "what came after it")
    later = eventually(lambda: version_of(7), 15, "a version of seven calls")
    assert first["id"] in [row["id"] for row in gateway.listing("model", "log")] and later["parents"]
    gateway.kill()
    gateway.start()
    attached(gateway)
    eventually(lambda: calls_of(gateway) == 7, 15, "what was learned")
    time.sleep(2)
    assert calls_of(gateway) == 7


def test_what_the_journal_has_is_learned_by_a_learner_that_knows_nothing(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, mode="external"))
    call(gateway, 40)
    eventually(lambda: journaled(gateway) == 40, 10, "40 journaled calls")
    gateway.kill()
    gateway.sections["learning"] = {"mode": "process", "model_update_interval": 0.5}
    gateway.write_configuration()
    gateway.start()
    attached(gateway)
    eventually(lambda: calls_of(gateway) == 40, 20, "the calls of the gateway before")
    call(gateway, 3)
    eventually(lambda: calls_of(gateway) == 43, 10, "the calls of this one too")
    eventually(lambda: learner(gateway)["recovered"] == 40, 5, "an account of it")


def test_gateway_and_learner_are_killed_at_random_and_what_is_learned_is_what_was_journaled(
    workshop,
) -> None:
    generator = random.Random(time.time_ns() % 100_000)
    print("seed", generator.getstate()[1][0])
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    answered = 0
    for _ in range(5):
        pid = attached(gateway)
        with Callers(gateway) as callers:
            time.sleep(generator.uniform(0.2, 1.5))
            if generator.random() < 0.5:
                os.kill(pid, signal.SIGKILL)
                attached(gateway, other_than=pid)
                time.sleep(generator.uniform(0, 0.5))
        answered += sum(callers.done)
        # Quiet, so that what was answered is journaled; what the learner knows of it is left to chance.
        eventually(lambda: journaled(gateway) == answered, 15, f"{answered} journaled calls")
        if generator.random() < 0.5 and (pid := learner(gateway)["pid"]):
            os.kill(pid, signal.SIGKILL)
        gateway.kill()
        eventually(lambda pid=pid: not processes.alive(pid), 10, "the end of the learner")
        gateway.start()
    attached(gateway)
    eventually(lambda: calls_of(gateway) == answered, 30, f"all {answered} calls in the statistics")
    time.sleep(3)
    assert calls_of(gateway) == answered
    (report,) = gateway.listing("store", "verify", "--store", "learner")
    assert report["sound"]
    gateway.command("model", "fsck")
    log = gateway.listing("model", "log", "--limit", "0")
    assert [row["version"] for row in log] == list(range(len(log)))[::-1]


def test_inline_the_gateway_goes_on_from_its_last_version(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, mode="inline", model_update_interval=0.3))
    for life in range(1, 4):
        attached(gateway)
        call(gateway, 4)
        eventually(lambda life=life: calls_of(gateway) == 4 * life, 15, "the calls in top")
        eventually(lambda life=life: journaled(gateway) == 4 * life, 15, "the calls in the journal")
        gateway.kill()
        gateway.start()
    eventually(lambda: calls_of(gateway) == 12, 15, "what was learned")


def test_a_learner_whose_store_is_not_its_own_learns_and_says_so(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3), start=False)
    store = gateway.directory / "data" / "attune" / "learner"
    store.mkdir(parents=True)
    (store / "letter.txt").write_text("dear reader")
    gateway.start()
    attached(gateway)
    call(gateway, 5)
    eventually(lambda: calls_of(gateway) == 5, 10, "the calls in top")
    fault = eventually(lambda: learner(gateway)["fault"], 10, "a reason")
    assert "holds files that Attune didn't write" in fault and head(gateway) is None
    assert [file.name for file in store.iterdir()] == ["letter.txt"]
    (store / "letter.txt").unlink()
    eventually(lambda: head(gateway), 15, "versions once it can be opened")
    eventually(lambda: learner(gateway)["fault"] is None, 5, "that all is well")
    eventually(lambda: calls_of(gateway) == 5, 10, "what was learned meanwhile")
