"""The HTTP+SSE transport of 2024-11-05: a stream that names where to post, and answers that come on it."""

import json
from urllib.parse import urlsplit

import pytest
from mcp.client import Client
from mcp.client.sse import sse_client

from harness import schemas
from harness.legacy_sdk import LegacySDK
from harness.places import eventually
from harness.sdk import text
from harness.wire import Wire


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.legacy": shop.steered("legacy", "--era", "legacy"),
            "servers.modern": shop.steered("modern", "--era", "modern"),
        }
    )


class SSEClient(Wire):
    """Speaks 2024-11-05: one stream, and a POST for each message."""

    version = "2024-11-05"

    def __init__(self, port: int, path: str = "/sse") -> None:
        super().__init__(port, path, timeout=15)
        self.stream = self.open("GET", None, {"Accept": "text/event-stream"})
        assert self.stream.status == 200 and self.stream.is_event_stream
        self.events = self.stream.events()
        first = next(self.events)
        assert first.name == "endpoint"
        endpoint = urlsplit(first.data.decode())
        assert endpoint.netloc in ("", f"127.0.0.1:{port}")
        self.path = endpoint.path + (f"?{endpoint.query}" if endpoint.query else "")
        assert endpoint.path.startswith("/messages")

    def request(self, method: str, params: dict, identifier: object = None) -> dict:
        identifier = next(self.identifiers) if identifier is None else identifier
        answer = self.post({"jsonrpc": "2.0", "id": identifier, "method": method, "params": params})
        assert answer.status == 202, (answer.status, answer.body)
        while True:
            event = next(self.events)
            message = event.message()
            assert event.name == "message"
            schemas.check_message(self.version, message, method if "id" in message else None)
            if message.get("id") == identifier:
                return message
            self.other.append(message)

    def initialize(self) -> "SSEClient":
        self.other: list[dict] = []
        result = self.request(
            "initialize",
            {
                "protocolVersion": self.version,
                "capabilities": {},
                "clientInfo": {"name": "x", "version": "1"},
            },
        )["result"]
        assert result["protocolVersion"] == self.version
        self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return self

    def close(self) -> None:
        self.stream.close()


@pytest.fixture
def client(gateway):
    client = SSEClient(gateway.port).initialize()
    yield client
    client.close()


@pytest.mark.parametrize("server", ["legacy", "modern"])
def test_calls_are_answered_on_the_stream(client, server) -> None:
    message = client.request("tools/call", {"name": f"{server}__echo", "arguments": {"a": 1}}, "one")
    assert json.loads(message["result"]["content"][0]["text"]) == {"a": 1}


def test_progress_comes_on_the_stream_before_the_answer(client) -> None:
    client.request(
        "tools/call",
        {
            "name": "legacy__progress",
            "arguments": {"count": 3, "interval": 0.01},
            "_meta": {"progressToken": "t"},
        },
    )
    assert [
        note["params"]["progress"] for note in client.other if note["method"] == "notifications/progress"
    ] == [1, 2, 3]


def test_a_change_comes_on_the_stream(client) -> None:
    client.request("tools/call", {"name": "modern__change", "arguments": {"kind": "tools"}})
    while "notifications/tools/list_changed" not in [note["method"] for note in client.other]:
        event = next(client.events)
        client.other.append(event.message())


def test_the_transparent_stream_has_no_prefix(gateway) -> None:
    client = SSEClient(gateway.port, "/sse/legacy").initialize()
    tools = client.request("tools/list", {})["result"]["tools"]
    assert "echo" in [tool["name"] for tool in tools]
    client.close()


def test_a_post_for_no_stream_is_refused(gateway) -> None:
    wire = Wire(gateway.port, "/messages?sessionId=made-up")
    assert wire.post({"jsonrpc": "2.0", "id": 1, "method": "ping"}).status in (400, 404)
    assert Wire(gateway.port, "/messages").post({"jsonrpc": "2.0", "id": 1, "method": "ping"}).status in (
        400,
        404,
    )


def test_the_end_of_the_stream_ends_the_session(gateway) -> None:
    client = SSEClient(gateway.port).initialize()
    pid = json.loads(client.request("tools/call", {"name": "legacy__count"})["result"]["content"][0]["text"])[
        "pid"
    ]
    client.close()
    eventually(lambda: pid not in gateway.children(), 8, "the end of the session's process")
    eventually(lambda: client.post({"jsonrpc": "2.0", "id": 1, "method": "ping"}).status in (400, 404), 5)


@pytest.mark.anyio
async def test_the_official_client_uses_the_stream(gateway) -> None:
    async with Client(sse_client(f"http://127.0.0.1:{gateway.port}/sse"), mode="legacy") as client:
        assert text(await client.call_tool("legacy__echo", {"a": 1})) == '{"a": 1}'


def test_the_client_of_mcp_1_30_uses_the_stream(gateway) -> None:
    with LegacySDK("sse", f"http://127.0.0.1:{gateway.port}/sse") as client:
        assert (
            client.do("call_tool", name="modern__echo", arguments={"a": 1})["content"][0]["text"]
            == '{"a": 1}'
        )
