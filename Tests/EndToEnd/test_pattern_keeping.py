"""What outlives the learner of its patterns: versions, a roll-back, and what they keep of payloads."""

import pytest

from harness.places import eventually
from harness.wire import LegacyClient
from test_history import version_of
from test_learner import attached, servers

MARKER = b"hunter2-secret"


def call(gateway, count: int) -> None:
    client = LegacyClient(gateway.port).initialize()
    for number in range(count):
        client.call("s__echo", {"text": MARKER.decode(), "n": number % 3})


def learned(gateway) -> int:
    return (gateway.json("/api/v1/patterns")["overview"] or {}).get("calls", 0)


def learns(gateway, calls: int) -> None:
    eventually(lambda: learned(gateway) == calls, 15, f"patterns of {calls} calls")


def files_with_marker(gateway) -> list[str]:
    stores = gateway.directory.glob("**/learner/*")
    return [str(path) for path in stores if path.is_file() and MARKER in path.read_bytes()]


@pytest.mark.parametrize("capture", ["none", "digest", "full"])
def test_texts_of_payloads_reach_the_disk_only_where_all_is_captured(workshop, capture: str) -> None:
    sections = servers(workshop, model_update_interval=0.3, capture=capture)
    gateway = workshop.gateway(sections | {"persistence": {"compression": "none", "encrypt": False}})
    attached(gateway)
    call(gateway, 12)
    learns(gateway, 12)
    version_of(gateway, 12)
    gateway.stop()
    assert bool(files_with_marker(gateway)) == (capture == "full")


def test_patterns_outlive_the_gateway_and_a_roll_back_undoes_what_they_learned(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.3))
    attached(gateway)
    call(gateway, 10)
    learns(gateway, 10)
    version_of(gateway, 10)
    gateway.command("model", "tag", "good")
    call(gateway, 10)
    learns(gateway, 20)
    version_of(gateway, 20)
    gateway.command("model", "rollback", "good")
    learns(gateway, 10)
    gateway.stop()
    gateway.start()
    attached(gateway)
    learns(gateway, 10)
    call(gateway, 5)
    learns(gateway, 15)
