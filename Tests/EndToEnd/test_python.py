"""The Python package beside a gateway: what it sees of calls, and that both sides outlive each other."""

import json
import os
import subprocess

import pytest

from harness.places import GATEWAY_KILLS, ROOT, SUITE, binary, eventually, program
from harness.wire import LegacyClient

PACKAGE = ROOT / "python"


class Program:
    """A Python program that is attached to a gateway."""

    def __init__(self, gateway, **environment: str) -> None:
        self.process = subprocess.Popen(
            [program("python", "python"), SUITE / "harness" / "region_driver.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(gateway.directory / "python.log").open("ab"),
            text=True,
            cwd=gateway.directory,
            env=gateway.environment()
            | {"ATTUNE_CONFIG": str(gateway.file), "PYTHONPATH": str(PACKAGE / "src")}
            | environment,
        )
        self.first = json.loads(self.process.stdout.readline())

    def do(self, what: str, *arguments: object) -> object:
        self.process.stdin.write(json.dumps({"do": what, "with": arguments}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["answer"]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> "Program":
        assert "attached" in self.first, self.first
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


@pytest.fixture
def gateway(workshop):
    """A gateway that keeps what calls carry in its payload rings, with its learner at work."""
    started = workshop.gateway({"servers.s": workshop.steered("s", "--era", "legacy")})
    eventually(lambda: learner_state(started) == "attached", 20, "a learner that is attached")
    return started


def learner_state(gateway) -> str:
    return gateway.json("/api/v1/status")["learner"]["state"]


def client_of(gateway) -> LegacyClient:
    client = LegacyClient(gateway.port)
    client.initialize()
    return client


def echo(client: LegacyClient, text: str) -> None:
    answer = client.call("s__echo", {"text": text})
    assert not answer.result.get("isError"), answer.body


def echoes(records: list[dict]) -> list[dict]:
    return [record for record in records if record["method"] == "tools/call"]


def test_a_call_is_seen_with_its_names_times_and_bytes(gateway) -> None:
    client = client_of(gateway)
    with Program(gateway) as python:
        echo(client, "hello region")
        answer = python.do("take", 1)
        assert answer["lost"] == 0
        [record] = echoes(answer["records"])
        assert record["server"] == "s"
        assert "echo" in record["tool"]
        assert record["outcome"] == 0
        assert 0 < record["upstream_us"] <= record["duration_us"]
        assert json.loads(record["params"])["arguments"] == {"text": "hello region"}
        assert "hello region" in record["result"]


def test_every_call_is_seen_once(gateway) -> None:
    client = client_of(gateway)
    with Program(gateway) as python:
        for i in range(200):
            echo(client, f"number {i}")
        answer = python.do("take", 200)
        texts = [json.loads(record["params"])["arguments"]["text"] for record in echoes(answer["records"])]
        assert sorted(texts, key=lambda text: int(text.split()[1])) == [f"number {i}" for i in range(200)]
        assert answer["lost"] == 0
        assert len({record["call_id"] for record in answer["records"]}) == 200


def test_the_learner_counts_and_keeps_predictions_and_state(gateway) -> None:
    client = client_of(gateway)
    with Program(gateway) as python:
        for i in range(10):
            echo(client, f"{i}")
        counted = eventually(
            lambda: {k: n for k, n in python.do("statistics").items() if k.startswith("s/") and n >= 10}
        )
        [subject] = counted
        python.do("publish", "latency_us", subject, 12.5)
        found = eventually(lambda: python.do("prediction", "latency_us", subject))
        assert found["value"] == 12.5
        python.do("store", "mine/key", "a value")
        eventually(lambda: python.do("load", "mine/key") == "a value")
        python.do("store", "mine/key", None)
        eventually(lambda: python.do("load", "mine/key") is None)
        # A prediction that is nonsense or not allowed changes nothing.
        python.do("put", {"hello": "learner"})
        assert python.do("get", 10) == {"hello": "learner"}


@pytest.mark.timeout(10 * GATEWAY_KILLS + 60)
def test_a_killed_gateway_is_attached_again(gateway) -> None:
    with Program(gateway) as python:
        before = python.first["attached"]
        for _ in range(GATEWAY_KILLS // 3):
            gateway.kill()
            gateway.start()
            eventually(lambda: python.do("facts")["generation"] != before, 20)
            before = python.do("facts")["generation"]
            client = client_of(gateway)
            echo(client, "after the kill")
            while True:
                seen = [record["params"] or "" for record in python.do("take", 1)["records"]]
                if any("after the kill" in params for params in seen):
                    break


def test_a_killed_learner_is_attached_again(gateway) -> None:
    with Program(gateway) as python:
        for number in range(3):
            pid = gateway.listing("top", "--once")["learner"]["pid"]
            os.kill(pid, 9)
            eventually(lambda: gateway.listing("top", "--once")["learner"]["pid"] not in (None, pid), 20)
            eventually(lambda: python.do("facts")["learner"], 20)
            python.do("publish", "task", f"subject {number}", number)
            eventually(lambda: python.do("prediction", "task", f"subject {number}"), 20)


def test_killed_programs_leave_their_places_to_others(gateway) -> None:
    client = client_of(gateway)
    for number in range(24):
        python = Program(gateway)
        assert "attached" in python.first, python.first
        if number % 3 == 0:
            python.do("publish", "task", "subject", number)
        echo(client, "meanwhile")
        python.kill()
    with Program(gateway) as python:
        python.do("publish", "task", "last", 1)
        eventually(lambda: python.do("prediction", "task", "last"))


def test_where_no_gateway_runs_the_error_says_so(gateway) -> None:
    gateway.stop()
    python = Program(gateway)
    assert python.first["error"] == "GatewayNotFound"
    python.kill()


def test_a_region_in_files_is_read_and_answered_as_well(workshop) -> None:
    socket = workshop.next_directory / "shared" / "learn.sock"
    gateway = workshop.gateway(
        {
            "servers.s": workshop.steered("s", "--era", "legacy"),
            "learning": {"mode": "external", "socket": str(socket)},
        }
    )
    learner = subprocess.Popen(
        [binary(), "learn", "--config", gateway.file],
        stderr=(gateway.directory / "learner.log").open("wb"),
        cwd=gateway.directory,
        env=gateway.environment(),
    )
    try:
        eventually(lambda: learner_state(gateway) == "attached", 20, "a learner that is attached")
        client = client_of(gateway)
        with Program(gateway) as python:
            echo(client, "by path")
            [record] = echoes(python.do("take", 1)["records"])
            assert json.loads(record["params"])["arguments"] == {"text": "by path"}
            python.do("publish", "task", "by path", 1)
            eventually(lambda: python.do("prediction", "task", "by path"))
            before = python.first["attached"]
            gateway.kill()
            gateway.start()
            eventually(lambda: python.do("facts")["generation"] != before, 20)
            client = client_of(gateway)
            echo(client, "again by path")
            assert "again by path" in python.do("take", 1)["records"][-1]["params"]
    finally:
        learner.kill()
        learner.wait()


@pytest.mark.parametrize(
    ("example", "library", "task", "arguments"),
    [
        ("latency_sklearn.py", "sklearn", "failure", ("--interval", "0.5")),
        ("forecast_statsmodels.py", "statsmodels", "latency_forecast_us", ("--interval", "0.25")),
        ("latency_torch.py", "torch", "latency_us", ("--interval", "0.5")),
    ],
)
def test_what_an_example_predicts_from_live_calls_is_in_top(
    gateway, example: str, library: str, task: str, arguments: tuple[str, ...]
) -> None:
    python = program("python", "python")
    if subprocess.run([python, "-c", f"import {library}"], capture_output=True).returncode != 0:
        pytest.skip(f"{library} is not installed")
    client = client_of(gateway)
    running = subprocess.Popen(
        [python, PACKAGE / "examples" / example, *arguments],
        stderr=(gateway.directory / "python.log").open("ab"),
        cwd=gateway.directory,
        env=gateway.environment() | {"ATTUNE_CONFIG": str(gateway.file), "PYTHONPATH": str(PACKAGE / "src")},
    )

    def predicted() -> list[dict]:
        assert running.poll() is None, (gateway.directory / "python.log").read_text()
        echo(client, "on and on")
        found = gateway.listing("top", "--once")["predictions"]
        return [one for one in found if one["task"] == task and one["subject"].startswith("s/")]

    try:
        [prediction] = eventually(predicted, 60, f"a prediction of {task}")
        assert isinstance(prediction["value"], float | int)
    finally:
        running.kill()
        running.wait()
