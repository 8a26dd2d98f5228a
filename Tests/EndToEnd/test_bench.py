"""`attune bench`: what is measured is there, in the units promised; how fast it is no test says."""

import json
import subprocess

import pytest

from harness.places import binary

TARGETS = {
    "durable_write_latency_p99",
    "durable_write_throughput",
    "message_path_latency_p50",
    "message_path_latency_p99",
    "message_path_throughput",
    "routing_latency",
    "state_access_latency_p99",
    "state_access_throughput",
    "wire_scan_2kb",
    "wire_scan_100kb",
}


def run(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([binary(), "bench", *map(str, arguments)], capture_output=True, timeout=200)


def test_each_promise_is_measured_beside_its_bound() -> None:
    done = run("targets", "-o", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert TARGETS <= {row["target"] for row in rows}
    for row in rows:
        assert set(row) == {"target", "unit", "bound", "value", "holds", "conditions"}
        assert row["value"] > 0 and row["bound"] > 0 and row["unit"] and row["conditions"]
        assert row["holds"] in (row["value"] <= row["bound"], row["value"] >= row["bound"])


@pytest.mark.parametrize("pattern", ["round-trip", "stream"])
def test_a_hop_between_loops_costs_time(pattern) -> None:
    done = run("hop", pattern, "--count", 2000)
    assert done.returncode == 0, done.stderr
    processor, elapsed = map(float, done.stdout.split())
    assert processor > 0 and elapsed > 0


@pytest.mark.parametrize(
    "line",
    [
        ("hop", "sideways"),
        ("hop", "stream", "--count", 0),
        ("op", "nothing"),
        ("op", "route-tool", "--count", -1),
    ],
)
def test_what_cannot_be_measured_is_wrong_usage(line) -> None:
    done = run(*line)
    assert done.returncode == 2 and not done.stdout and done.stderr
