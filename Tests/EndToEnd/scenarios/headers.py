"""What a modern request says in its headers, and that the gateway says it to servers."""

import base64
import json

from harness.wire import BOTH_TYPES

from . import Place, scenario
from .stateless import sent

MODERN = ("modern",)


def encoded(value: str) -> str:
    return f"=?base64?{base64.b64encode(value.encode()).decode()}?="


def call(place: Place, client, **arguments: object) -> tuple[dict, dict]:
    """A call of the tool with headers, and the headers that belong to it."""
    body = client.body("tools/call", {"name": place.named("test_x_mcp_header"), "arguments": arguments})
    names = {"region": "Region", "count": "Count", "urgent": "Urgent"}
    headers = {
        f"Mcp-Param-{names[name]}": json.dumps(value).strip('"')
        for name, value in arguments.items()
        if name in names
    }
    return body, client.headers_for(body) | headers


def post(client, body: dict, headers: dict):
    return client.send("POST", json.dumps(body).encode(), headers)


@scenario("http-header-validation", "headers", clients=MODERN)
def header_validation(place: Place, era: str) -> None:
    """Names in any case and padded values pass; what is missing or says something else is -32020."""
    client = place.client(era)
    body = client.body("tools/call", {"name": place.named("test_simple_text"), "arguments": {}})
    whole = client.headers_for(body)
    lower = {name.lower(): value for name, value in whole.items()}
    assert post(client, body, lower).status == 200
    assert post(client, body, whole | {"Mcp-Name": f"  {whole['Mcp-Name']}  "}).status == 200
    assert post(client, body, whole | {"Mcp-Name": encoded(whole["Mcp-Name"])}).status == 200
    for name in ("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"):
        for value in (None, "something-else", whole[name].upper() if name == "Mcp-Name" else "x"):
            answer = sent(client, body, **{name.replace("-", "_"): value})
            assert (answer.status, answer.error["code"]) == (400, -32020), (name, value)


@scenario("http-custom-header-server-validation", "headers", clients=MODERN, servers=MODERN)
def custom_header_validation(place: Place, era: str) -> None:
    client = place.client(era)
    client.do("tools/list")
    body, headers = call(place, client, region="eu-west", count=5, urgent=True)
    answer = post(client, body, headers)
    assert answer.result["content"][0]["text"] == "eu-west", answer.body
    assert post(client, body, headers | {"Mcp-Param-Region": encoded("eu-west")}).status == 200
    for name, value in (("Region", "us"), ("Region", "EU-WEST"), ("Region", "=?base64?!?="), ("Count", "6")):
        answer = post(client, body, headers | {f"Mcp-Param-{name}": value})
        assert (answer.status, answer.error["code"]) == (400, -32020), (name, value)
    del headers["Mcp-Param-Region"]
    answer = post(client, body, headers)
    assert (answer.status, answer.error["code"]) == (400, -32020)


@scenario("header-values-outside-ascii", "headers", clients=MODERN, servers=MODERN)
def outside_ascii(place: Place, era: str) -> None:
    client = place.client(era)
    client.do("tools/list")
    for region in ("Köln", " padded ", "=?base64?eA==?=", "tab\tin it"):
        body, headers = call(place, client, region=region)
        answer = post(client, body, headers | {"Mcp-Param-Region": encoded(region)})
        assert answer.result["structuredContent"] == {"region": region}, (region, answer.body)


@scenario(
    "headers-of-a-legacy-client", "headers", clients=("legacy",), servers=MODERN, stdio=False, direct=False
)
def legacy_headers(place: Place, era: str) -> None:
    """The gateway makes the headers that a modern server demands from the arguments of an old client."""
    client = place.client(era)
    client.do("tools/list")
    arguments = {
        "region": "Köln",
        "count": 42,
        "urgent": False,
        "place": {"city": " Bonn "},
        "plain": "not in a header",
    }
    result = client.tool(place.named("test_x_mcp_header"), arguments).result
    assert result["structuredContent"] == arguments, place.record.events("header mismatch")[-1:]
    assert (
        client.tool(place.named("test_x_mcp_header"), {"region": None}).result["content"][0]["text"] == "None"
    )


@scenario("http-standard-headers", "headers", servers=MODERN, stdio=False, direct=False)
def standard_headers(place: Place, era: str) -> None:
    """What the gateway sends to a modern server carries the headers of its message."""
    client, before = place.client(era), len(place.record.requests())
    client.tool(place.named("test_simple_text"))
    client.do("resources/read", {"uri": "test://static-text"})
    client.do("prompts/get", {"name": place.named("test_simple_prompt")})
    keys = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
    seen = set()
    for message, headers in place.record.requests()[before:]:
        if "id" not in message:
            continue
        headers = {name.lower(): value for name, value in headers.items()}
        assert headers["mcp-method"] == message["method"]
        assert headers["mcp-protocol-version"] == "2026-07-28"
        assert {item.strip() for item in headers["accept"].split(",")} >= set(BOTH_TYPES.split(", "))
        if (key := keys.get(message["method"])) is not None:
            value = message["params"][key]
            assert headers["mcp-name"] in (value, encoded(value))
            seen.add(message["method"])
    assert seen == set(keys)
