"""What the gateway sends to servers: the client scenarios of the public suite that need no authorization."""

import http.server
import threading

import pytest

from harness import schemas
from harness.peers import EVERYTHING
from harness.record import Record
from harness.wire import META
from scenarios import Place
from scenarios.headers import encoded

ERAS = ("legacy", "modern")
RETRY_SECONDS = 0.05


class Canary(http.server.BaseHTTPRequestHandler):
    opened: list[str] = []

    def do_GET(self) -> None:
        self.opened.append(self.path)
        self.send_error(404)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def canary():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/schema.json"
    server.shutdown()


@pytest.fixture(scope="module")
def gateway(module_workshop, canary):
    shop = module_workshop
    flags = ("--everything", "--invalid-headers", "--canary", canary)
    return shop.gateway({f"servers.{era}": shop.steered_http(era, "--era", era, *flags) for era in ERAS})


@pytest.fixture(params=ERAS)
def server(request) -> str:
    return request.param


@pytest.fixture
def place(gateway, server) -> Place:
    return Place(gateway.port, f"/mcp/{server}", server, record=Record(gateway.directory / f"{server}.jsonl"))


@pytest.fixture
def client(place, client_era):
    return place.client(client_era, EVERYTHING)


def lowered(headers: dict) -> dict:
    return {name.lower(): value for name, value in headers.items()}


def test_initialize(gateway) -> None:
    """The handshake comes first and whole, and its version heads every later request."""
    place = Place(gateway.port, "/mcp/legacy", "legacy", record=Record(gateway.directory / "legacy.jsonl"))
    place.client("legacy").tool("test_simple_text")
    sessions: dict[str, list[str]] = {}
    for message, headers in place.record.requests():
        headers = lowered(headers)
        if message.get("method") == "initialize":
            schemas.check_message("2025-11-25", message)
            assert message["params"]["clientInfo"]["name"] and message["params"]["clientInfo"]["version"]
            assert message["params"]["protocolVersion"] == "2025-11-25" and "mcp-session-id" not in headers
        elif "mcp-session-id" in headers:
            assert headers["mcp-protocol-version"] == "2025-11-25"
            sessions.setdefault(headers["mcp-session-id"], []).append(message.get("method", "an answer"))
    assert sessions
    for methods in sessions.values():
        assert methods[0] == "notifications/initialized" and "initialize" not in methods


def test_tools_call(client) -> None:
    assert "test_simple_text" in [tool["name"] for tool in client.do("tools/list").result["tools"]]
    assert client.tool("test_simple_text").text


def test_elicitation_sep1034_client_defaults(place, client) -> None:
    """What the client filled in with defaults reaches the server as it was."""
    result = client.tool("test_elicitation_sep1034_defaults").result
    expected = {"name": "John Doe", "age": 30, "score": 95.5, "status": "active", "verified": True}
    assert result["structuredContent"] == {"action": "accept", "content": expected}


def test_sse_retry(gateway, client_era) -> None:
    """A stream that the server ends in mid-call is resumed from its last event, after the time it named."""
    record = Record(gateway.directory / "legacy.jsonl")
    place = Place(gateway.port, "/mcp/legacy", "legacy", record=record)
    before = len(record.entries())
    assert place.client(client_era, EVERYTHING).tool("test_reconnection").text == "after the reconnection"
    entries = record.entries()[before:]
    (call,) = [item for item in entries if "test_reconnection" in (item.get("body") or "")]
    resumed = [
        item for item in entries if item.get("verb") == "GET" and "last-event-id" in lowered(item["headers"])
    ]
    assert len(resumed) == 1
    assert resumed[0]["at"] - call["at"] >= RETRY_SECONDS * 0.9


def test_request_metadata(gateway, client_era) -> None:
    """Every request says the version, the client and what it can do, in its body and in its header."""
    record = Record(gateway.directory / "modern.jsonl")
    place = Place(gateway.port, "/mcp/modern", "modern", record=record)
    before = len(record.requests())
    client = place.client(client_era, EVERYTHING)
    client.do("tools/list")
    client.tool("test_simple_text")
    requests = [item for item in record.requests()[before:] if "id" in item[0]]
    assert "tools/call" in [message["method"] for message, _ in requests]
    for message, headers in requests:
        meta = message["params"]["_meta"]
        assert meta[META + "protocolVersion"] == "2026-07-28" == lowered(headers)["mcp-protocol-version"]
        assert isinstance(meta[META + "clientCapabilities"], dict)
        assert meta[META + "clientInfo"]["name"] and meta[META + "clientInfo"]["version"]
        assert "mcp-session-id" not in lowered(headers)
        if message["method"] == "tools/call":
            assert set(EVERYTHING) <= set(meta[META + "clientCapabilities"])


def test_sep_2322_client_request_state(gateway, client_era) -> None:
    """A state goes back exactly as it came, only where there was one, and under another id each time."""
    record = Record(gateway.directory / "modern.jsonl")
    client = Place(gateway.port, "/mcp/modern", "modern").client(client_era, EVERYTHING)
    before = len(record.messages("tools/call"))
    client.tool("test_input_required_result_multi_round")
    client.tool("test_input_required_result_elicitation")
    client.tool("test_simple_text")
    calls = record.messages("tools/call")[before:]
    assert ["requestState" in call["params"] for call in calls] == [False, True, True, False, False, False]
    assert len({call["id"] for call in calls}) == len(calls)
    assert [sorted(call["params"].get("inputResponses", {})) for call in calls] == [
        [],
        ["step1"],
        ["step2"],
        [],
        ["user_name"],
        [],
    ]


VALUES = ["us-west1", "Köln", " padded ", "=?base64?eA==?=", "a\nb", "x" * 200, ""]


@pytest.mark.parametrize("value", VALUES)
def test_http_custom_headers(gateway, value) -> None:
    """Arguments stand in their headers, encoded where a header cannot carry them; absent ones do not."""
    record = Record(gateway.directory / "modern.jsonl")
    client = Place(gateway.port, "/mcp/modern", "modern").client("legacy")
    client.do("tools/list")
    arguments = {"region": value, "count": -7, "urgent": True, "place": {"city": "Bonn"}, "plain": "p"}
    assert client.tool("test_x_mcp_header", arguments).result["structuredContent"] == arguments
    _, headers = record.requests("tools/call")[-1]
    headers = lowered(headers)
    assert headers["mcp-param-region"] in (value, encoded(value))
    assert (headers["mcp-param-count"], headers["mcp-param-urgent"]) == ("-7", "true")
    assert headers["mcp-param-city"] == "Bonn" and "mcp-param-plain" not in headers
    client.tool("test_x_mcp_header", {"region": None})
    _, headers = record.requests("tools/call")[-1]
    assert not any(name.startswith("mcp-param-") for name in lowered(headers))


def test_http_invalid_tool_headers(gateway, client_era) -> None:
    """A tool whose header names are invalid is left out, with a warning; the others stay and work."""
    client = Place(gateway.port, "/mcp/modern", "modern").client(client_era)
    names = [tool["name"] for tool in client.do("tools/list").result["tools"]]
    assert [name for name in names if name.startswith("invalid_")] == []
    assert "test_x_mcp_header" in names and client.tool("test_simple_text").text
    assert "invalid_colon" in gateway.log_file.read_text()


def test_json_schema_ref_no_deref(gateway, client, canary) -> None:
    """Nobody opens an address that a schema refers to; the schema passes as it is."""
    tools = {tool["name"]: tool for tool in client.do("tools/list").result["tools"]}
    assert tools["test_reference"]["inputSchema"]["properties"]["value"] == {"$ref": canary}
    assert client.tool("test_reference", {"value": 1}).text == "called with ['value']"
    assert Canary.opened == []
