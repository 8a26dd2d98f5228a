"""Who shares a server's process: each session has its own of a legacy server, unless it is "shared"."""

import json

import pytest

from harness.places import eventually
from harness.wire import CLIENTS, LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.own": shop.steered("own", "--era", "legacy"),
            "servers.shared": shop.steered("shared", "--era", "legacy", sharing="shared"),
            "servers.stateless": shop.steered("stateless", "--era", "modern"),
            "servers.site": shop.steered_http("site", "--era", "legacy"),
            "servers.lazy": shop.steered("lazy", "--era", "legacy", prewarm=False),
        }
    )


def count(client, server: str) -> dict:
    return json.loads(client.call(f"{server}__count").result["content"][0]["text"])


def test_each_session_has_its_own_process_of_a_legacy_server(gateway) -> None:
    left, right = (LegacyClient(gateway.port).initialize() for _ in range(2))
    counts = [count(left, "own"), count(right, "own"), count(left, "own")]
    assert [item["calls"] for item in counts] == [1, 1, 2]
    assert counts[0]["pid"] == counts[2]["pid"] != counts[1]["pid"]


def test_a_process_ends_with_its_session(gateway) -> None:
    client = LegacyClient(gateway.port).initialize()
    pid = count(client, "own")["pid"]
    client.delete()
    eventually(lambda: pid not in gateway.children(), 8, "the end of the session's process")


@pytest.mark.parametrize("server", ["shared", "stateless"])
def test_a_shared_or_stateless_server_has_one_process(gateway, server) -> None:
    clients = [
        LegacyClient(gateway.port).initialize(),
        ModernClient(gateway.port),
        LegacyClient(gateway.port).initialize(),
    ]
    assert len({count(client, server)["pid"] for client in clients}) == 1


def test_each_session_has_its_own_session_of_a_legacy_http_server(gateway) -> None:
    for _ in range(2):
        client = LegacyClient(gateway.port).initialize()
        client.call("site__count")
        client.call("site__count")
    calls = [entry for entry in gateway.record("site") if '"count"' in (entry.get("body") or "")]
    sessions = [
        {name.lower(): value for name, value in entry["headers"].items()}["mcp-session-id"] for entry in calls
    ]
    assert sessions[-1] == sessions[-2] != sessions[-3] == sessions[-4]


def test_a_session_that_an_http_server_forgot_is_made_anew(gateway, client_era) -> None:
    client = CLIENTS[client_era](gateway.port).initialize()
    client.call("site__forget-sessions")
    answer = client.call("site__echo", {"still": "there"})
    assert json.loads(answer.result["content"][0]["text"]) == {"still": "there"}
