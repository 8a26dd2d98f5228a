"""What clients subscribe to, in all four bridges, and event streams that break and are read on."""

import json
import threading
import time

import anyio
import pytest

from harness.places import eventually
from harness.sdk import Connection
from harness.wire import META, LegacyClient, ModernClient

SERVERS = ("stdio-legacy", "stdio-modern", "http-legacy", "http-modern", "shared")
UPDATED = "notifications/resources/updated"


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.stdio-legacy": shop.steered("stdio-legacy", "--era", "legacy"),
            "servers.stdio-modern": shop.steered("stdio-modern", "--era", "modern"),
            "servers.http-legacy": shop.steered_http("http-legacy", "--era", "legacy"),
            "servers.http-modern": shop.steered_http("http-modern", "--era", "modern"),
            "servers.shared": shop.steered("shared", "--era", "legacy", sharing="shared"),
        }
    )


@pytest.fixture(params=SERVERS)
def server(request) -> str:
    return request.param


@pytest.fixture(params=["federated", "transparent"])
def place(request, server) -> tuple[str, str]:
    """The path, and what a tool's name begins with there."""
    return ("/mcp", f"{server}__") if request.param == "federated" else (f"/mcp/{server}", "")


class Heard:
    """Reads a stream's messages in a thread of its own."""

    def __init__(self, stream) -> None:
        self.stream, self.messages, self.identifiers = stream, [], []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        try:
            for event in self.stream.events():
                self.identifiers.append(event.identifier)
                if event.data:
                    self.messages.append(event.message())
        except (OSError, ValueError, AttributeError):
            pass

    def updates(self) -> list[str]:
        return [message["params"]["uri"] for message in self.messages if message.get("method") == UPDATED]


class TestLegacyClients:
    def test_hear_of_what_they_subscribed_to_and_of_nothing_else(self, gateway, server, place) -> None:
        path, prefix = place
        client = LegacyClient(gateway.port, path).initialize()
        assert client.initialization["capabilities"]["resources"]["subscribe"] is True
        uri = f"steered://{server}/one"
        with client.listen() as stream:
            heard = Heard(stream)
            assert client.request("resources/subscribe", {"uri": uri}).result == {}
            client.call(prefix + "touch", {"uri": f"steered://{server}/two"})
            client.call(prefix + "touch", {"uri": uri})
            eventually(lambda: uri in heard.updates(), 4, "the update")
            if path == "/mcp":
                assert heard.updates() == [uri]
            assert client.request("resources/unsubscribe", {"uri": uri}).result == {}
        client.delete()

    def test_share_one_subscription_of_a_server_that_serves_all(self, gateway) -> None:
        clients = [LegacyClient(gateway.port).initialize() for _ in range(3)]
        uri = "steered://stdio-modern/items/shared"
        streams = [client.listen() for client in clients]
        heard = [Heard(stream) for stream in streams]
        for client in clients[:2]:
            assert client.request("resources/subscribe", {"uri": uri}).result == {}
        clients[2].call("stdio-modern__touch", {"uri": uri})
        eventually(lambda: all(uri in one.updates() for one in heard[:2]), 4, "both updates")
        assert heard[2].updates() == []
        for stream, client in zip(streams, clients, strict=True):
            stream.close()
            client.delete()


class TestModernClients:
    def test_hear_of_what_they_listen_to_tagged(self, gateway, server, place) -> None:
        path, prefix = place
        client = ModernClient(gateway.port, path)
        uri = f"steered://{server}/one"
        with client.begin(
            "subscriptions/listen", {"notifications": {"resourceSubscriptions": [uri]}}, "mine"
        ) as stream:
            heard = Heard(stream)
            eventually(lambda: heard.messages, 6, "the acknowledgement")
            assert heard.messages[0]["params"]["notifications"] == {"resourceSubscriptions": [uri]}
            client.call(prefix + "touch", {"uri": f"steered://{server}/two"})
            client.call(prefix + "touch", {"uri": uri})
            eventually(lambda: heard.updates() == [uri], 4, "the update")
            assert heard.messages[-1]["params"]["_meta"][META + "subscriptionId"] == "mine"
            assert set(heard.identifiers) == {None}

    def test_are_told_again_when_the_server_was_away(self, gateway) -> None:
        client = ModernClient(gateway.port)
        uri = "steered://stdio-modern/items/restarted"
        with client.begin(
            "subscriptions/listen", {"notifications": {"resourceSubscriptions": [uri]}}, 7
        ) as stream:
            heard = Heard(stream)
            eventually(lambda: heard.messages, 6, "the acknowledgement")
            client.call("stdio-modern__crash")
            eventually(lambda: uri in heard.updates(), 10, "that it may have changed")
            before = len(heard.updates())
            client.call("stdio-modern__touch", {"uri": uri})
            eventually(lambda: len(heard.updates()) > before, 4, "the update")


@pytest.mark.anyio
@pytest.mark.parametrize("server", SERVERS)
async def test_the_sdks_legacy_client_subscribes(gateway, server) -> None:
    updated: list[str] = []

    async def handle(message: object) -> None:
        if type(message).__name__ == "ResourceUpdatedNotification":
            updated.append(str(message.params.uri))

    uri = f"steered://{server}/items/sdk"
    async with Connection(gateway.url, mode="legacy", message_handler=handle) as client:
        await anyio.sleep(0.3)
        await client.subscribe_resource(uri)
        await client.call_tool(f"{server}__touch", {"uri": uri})
        with anyio.fail_after(4):
            while uri not in updated:
                await anyio.sleep(0.02)
        await client.unsubscribe_resource(uri)


@pytest.mark.anyio
@pytest.mark.parametrize("server", SERVERS)
async def test_the_sdks_modern_client_listens(gateway, server) -> None:
    uri = f"steered://{server}/items/sdk"
    async with Connection(gateway.url, mode="2026-07-28") as client:
        async with client.listen(resource_subscriptions=[uri]) as subscription:
            await client.call_tool(f"{server}__touch", {"uri": uri})
            with anyio.fail_after(4):
                async for event in subscription:
                    assert uri in str(event)
                    break


class TestBrokenStreams:
    @pytest.mark.parametrize("server", SERVERS)
    @pytest.mark.parametrize("version", ["2025-03-26", "2025-11-25"])
    def test_a_call_is_read_on_where_its_stream_broke(self, gateway, server, version) -> None:
        client = LegacyClient(gateway.port, version=version).initialize()
        params = {
            "name": f"{server}__progress",
            "arguments": {"count": 6, "interval": 0.3},
            "_meta": {"progressToken": "t"},
        }
        stream = client.begin("tools/call", params, "call")
        last, steps, primed = None, [], 0
        for event in stream.events():
            assert event.identifier
            last = event.identifier
            if event.data:
                steps.append(event.message()["params"]["progress"])
            else:
                primed += 1
                assert event.retry
            if len(steps) == 2:
                break
        assert primed == (1 if version == "2025-11-25" else 0)
        stream.close()
        time.sleep(0.5)
        with client.listen(Last_Event_ID=last) as resumed:
            assert resumed.status == 200
            messages = [event.message() for event in resumed.events() if event.data]
        assert [note["params"]["progress"] for note in messages[:-1]] == [3, 4, 5, 6]
        assert messages[-1]["id"] == "call" and "6 steps" in json.dumps(messages[-1]["result"])
        with client.listen(Last_Event_ID=last) as again:
            assert [event.message() for event in again.events() if event.data] == messages
        client.delete()

    def test_an_id_that_leads_nowhere_is_refused_and_the_session_lives(self, gateway) -> None:
        client = LegacyClient(gateway.port).initialize()
        with client.listen(Last_Event_ID="nobody-gave-this") as stream:
            assert stream.status == 400
        assert client.request("ping").result == {}

    def test_plain_answers_stay_plain(self, gateway) -> None:
        client = LegacyClient(gateway.port).initialize()
        answer = client.call("stdio-legacy__echo", {"a": 1})
        assert answer.headers["content-type"].startswith("application/json")
