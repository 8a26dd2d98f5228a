"""What the gateway writes is what the official schemas say, in every revision and in both directions."""

import json

import pytest

from harness import schemas
from harness.places import LEGACY_VERSIONS, MODERN_VERSION
from harness.wire import LegacyClient, ModernClient

pytestmark = pytest.mark.shared

SERVERS = {"legacy": "2025-11-25", "old": "2024-11-05", "modern": "2026-07-28"}


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.legacy": shop.steered("legacy", "--era", "legacy", sharing="shared"),
            "servers.old": shop.steered("old", "--era", "legacy", "--latest", "2024-11-05", sharing="shared"),
            "servers.modern": shop.steered("modern", "--era", "modern"),
        }
    )


def requests(server: str) -> list[tuple[str, dict]]:
    """Every request of a client, with answers that are results and answers that are errors."""
    name, uri = f"{server}__", f"steered://{server}/"
    return [
        ("tools/list", {}),
        ("tools/list", {"cursor": "made-up"}),
        ("resources/list", {}),
        ("resources/templates/list", {}),
        ("prompts/list", {}),
        ("tools/call", {"name": name + "echo", "arguments": {"a": 1}}),
        ("tools/call", {"name": name + "fail", "arguments": {}}),
        ("tools/call", {"name": name + "nobody", "arguments": {}}),
        ("tools/call", {"name": name + "error", "arguments": {"code": 5}}),
        ("tools/call", {}),
        (
            "tools/call",
            {
                "name": name + "progress",
                "arguments": {"count": 2, "interval": 0},
                "_meta": {"progressToken": "p"},
            },
        ),
        (
            "tools/call",
            {"name": name + "log", "arguments": {}, "_meta": {"io.modelcontextprotocol/logLevel": "info"}},
        ),
        ("tools/call", {"name": name + "list-content", "arguments": {}}),
        ("resources/read", {"uri": uri + "one"}),
        ("resources/read", {"uri": uri + "none"}),
        ("resources/read", {}),
        ("prompts/get", {"name": name + "greet", "arguments": {"who": "A"}}),
        ("prompts/get", {"name": "nobody"}),
        (
            "completion/complete",
            {
                "ref": {"type": "ref/prompt", "name": name + "greet"},
                "argument": {"name": "who", "value": "a"},
            },
        ),
        ("unknown/method", {}),
    ]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("version", LEGACY_VERSIONS[1:])
def test_a_legacy_client_gets_messages_of_its_revision(gateway, server, version) -> None:
    client = LegacyClient(gateway.port, version=version).initialize()
    schemas.check(version, "InitializeResult", client.initialization)
    for method, params in requests(server):
        if params.get("name", "").endswith("list-content") and version < "2025-06-18":
            continue  # Links to resources came with 2025-06-18; what a server sends passes as it is.
        answer = client.request(method, params)
        assert len([message for message in answer.messages if "id" in message]) == 1, (method, params)
    assert client.request("ping").result == {}
    capabilities = client.initialization["capabilities"]
    optional = {
        "logging/setLevel": ({"level": "info"}, "logging" in capabilities),
        "resources/subscribe": (
            {"uri": f"steered://{server}/one"},
            capabilities["resources"].get("subscribe"),
        ),
        "resources/unsubscribe": (
            {"uri": f"steered://{server}/one"},
            capabilities["resources"].get("subscribe"),
        ),
    }
    for method, (params, advertised) in optional.items():
        message = client.request(method, params).message
        assert message.get("result") == {} if advertised else message["error"]["code"] == -32601, method


@pytest.mark.parametrize("server", SERVERS)
def test_a_modern_client_gets_messages_of_its_revision(gateway, server) -> None:
    client = ModernClient(gateway.port)
    schemas.check(MODERN_VERSION, "DiscoverResult", client.request("server/discover").result)
    for method, params in requests(server):
        answer = client.request(method, params)
        assert len([message for message in answer.messages if "id" in message]) == 1, (method, params)


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_gets_messages_of_its_revision(gateway, server) -> None:
    version = SERVERS[server]
    for client in (LegacyClient(gateway.port).initialize(), ModernClient(gateway.port)):
        for method, params in requests(server):
            client.request(method, params)
    sent = gateway.received(server)
    assert {message.get("method") for message in sent} >= {
        "tools/list",
        "tools/call",
        "resources/read",
        "prompts/get",
    }
    for message in sent:
        if message.get("method") == "server/discover":
            schemas.check(MODERN_VERSION, "DiscoverRequest", message)
        else:
            schemas.check_sent_to_server(version, message)
        assert b"\n" not in json.dumps(message).encode()


@pytest.mark.parametrize("server", SERVERS)
def test_the_loss_of_a_server_is_told_in_every_revision(gateway, server) -> None:
    crash = {"name": f"{server}__crash", "arguments": {}}
    clients = [LegacyClient(gateway.port, version=version).initialize() for version in LEGACY_VERSIONS[1:]]
    for client in (*clients, ModernClient(gateway.port)):
        answer = client.request("tools/call", crash)
        assert len([message for message in answer.messages if "id" in message]) == 1, answer.messages
