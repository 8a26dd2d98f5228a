"""Sessions that outlive the gateway that opened them: restarts, and several gateways with one key."""

import base64
import os
import stat

import pytest

from harness.legacy_sdk import LegacySDK
from harness.places import eventually
from harness.relay import Relay
from harness.wire import LegacyClient


def servers(shop) -> dict[str, dict]:
    return {"servers.s": shop.steered("s", "--era", "legacy")}


def text(result: dict) -> str:
    return result["content"][0]["text"]


@pytest.fixture
def pair(workshop):
    """Two gateways with one key behind a relay; each has servers of its own."""
    relay = Relay()
    section = {
        "security": {
            "session_key": f"file:{workshop.directory / 'session.key'}",
            "allowed_hosts": [f"127.0.0.1:{relay.port}"],
        }
    }
    gateways = [workshop.gateway(servers(workshop) | section) for _ in range(2)]
    relay.target = gateways[0].port
    yield *gateways, relay
    relay.close()


def moved(client: LegacyClient, gateway, path: str = "/mcp") -> LegacyClient:
    """The client as it goes on with another gateway."""
    other = LegacyClient(gateway.port, path, version=client.version)
    other.session = client.session
    return other


def test_a_client_goes_on_with_another_gateway_when_its_own_is_killed(pair) -> None:
    first, second, relay = pair
    with LegacySDK("http", f"http://127.0.0.1:{relay.port}/mcp") as client:
        assert text(client.do("call_tool", name="s__echo", arguments={"text": "one"}))
        relay.target = second.port
        first.kill()
        assert text(client.do("call_tool", name="s__echo", arguments={"text": "two"}))
        assert [tool["name"] for tool in client.do("list_tools")["tools"]]
    sessions = second.json("/api/v1/sessions")["items"]
    assert len(sessions) <= 1
    assert "session taken over" in second.log()


def test_a_client_goes_on_with_a_gateway_that_was_restarted(workshop) -> None:
    gateway = workshop.gateway(servers(workshop))
    client = LegacyClient(gateway.port).initialize()
    assert client.request("tools/list").result["tools"]
    gateway.stop()
    gateway.start()
    assert client.request("tools/list").result["tools"]
    called = client.call("s__echo", {"text": "again"})
    assert called.result["content"]
    key = gateway.directory / "data" / "attune" / "keys" / "session.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text() not in gateway.log()


def test_a_deleted_session_stays_deleted_with_the_gateway_that_was_told(pair) -> None:
    first, second, _ = pair
    client = LegacyClient(first.port).initialize()
    other = moved(client, second)
    assert other.request("ping").status == 200
    assert other.delete().status == 204
    assert other.request("ping").status == 404
    # The other gateway does not hear of it; its session ends when it is idle.
    assert client.request("ping").status == 200
    eventually(lambda: not second.json("/api/v1/sessions")["items"], 5, "the end of the session")


def test_an_id_that_is_not_whole_or_not_for_this_address_or_key_is_unknown(pair, workshop) -> None:
    first, second, _ = pair
    stranger = workshop.gateway(servers(workshop))
    client = LegacyClient(first.port).initialize()
    session = client.session
    assert session.isascii() and len(session) < 1024
    raw = bytearray(base64.urlsafe_b64decode(session + "=" * (-len(session) % 4)))
    for secret in (b"2025-11-25", b"clientInfo", b"anonymous", b"/mcp"):
        assert secret not in raw
    bodies = set()
    for index in (0, 1, 6, 30, len(raw) // 2, len(raw) - 1):
        forged = bytearray(raw)
        forged[index] ^= 1
        other = moved(client, second)
        other.session = base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("=")
        answer = other.request("ping")
        assert answer.status == 404
        bodies.add(answer.message["error"]["message"])
    for wrong in (session[:-1], session[1:], session + "A", session + "==", "A" * 4096, os.urandom(40).hex()):
        other = moved(client, second)
        other.session = wrong
        assert other.request("ping").status == 404
    assert moved(client, second, "/mcp/s").request("ping").status == 404
    assert moved(client, stranger).request("ping").status == 404
    assert len(bodies) == 1
    assert moved(client, second).request("ping").status == 200


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("env:ATTUNE_NO_SUCH_KEY", "ATTUNE_NO_SUCH_KEY is not set"),
        ("command:echo secret-word", "line 1 is no key"),
        ("command:exit 3", "status 3"),
        ("file:/proc/attune/key", "cannot be created"),
    ],
)
def test_a_key_that_cannot_be_had_ends_the_start(workshop, source, reason) -> None:
    gateway = workshop.gateway(servers(workshop) | {"security": {"session_key": source}}, start=False)
    with pytest.raises(AssertionError, match="ended with 1"):
        gateway.start()
    workshop.gateways.remove(gateway)
    gateway.sweep()
    assert "session_key" in gateway.log() and reason in gateway.log()
    assert "secret-word" not in gateway.log().replace("command echo secret-word", "")
