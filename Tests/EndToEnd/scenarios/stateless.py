"""The rules of 2026-07-28 that the public suite's `server-stateless` and `caching` check, an id each."""

import json

from harness.wire import META, MODERN_VERSION, Answer, ModernClient

from . import Place, scenario
from .notifications import Heard, names

MODERN = ("modern",)
VERSION, CAPABILITIES, INFO = META + "protocolVersion", META + "clientCapabilities", META + "clientInfo"
LISTS = {
    "tools-list": "tools/list",
    "prompts-list": "prompts/list",
    "resources-list": "resources/list",
    "resources-templates-list": "resources/templates/list",
}


def stateless(identifier: str):
    return scenario(f"server-stateless: {identifier}", "stateless rules", clients=MODERN)


def sent(client: ModernClient, body: dict, **headers: str | None) -> Answer:
    whole = client.headers_for(body) | {name.replace("_", "-"): value for name, value in headers.items()}
    whole = {name: value for name, value in whole.items() if value is not None}
    return client.send("POST", json.dumps(body).encode(), whole)


@stateless("server-implements-discover")
def discover(place: Place, era: str) -> None:
    result = place.client(era).do("server/discover").result
    assert MODERN_VERSION in result["supportedVersions"] and isinstance(result["capabilities"], dict)


@stateless("server-declares-prompts-in-discover")
def declares_prompts(place: Place, era: str) -> None:
    assert "prompts" in place.client(era).do("server/discover").result["capabilities"]


@stateless("discover-capabilities-match-handlers")
def capabilities_match(place: Place, era: str) -> None:
    client = place.client(era)
    capabilities = client.do("server/discover").result["capabilities"]
    for kind in ("tools", "prompts", "resources"):
        assert kind in capabilities and client.do(f"{kind}/list").result[kind]
        assert capabilities[kind].get("listChanged") is True
    assert {"completions", "logging"} <= set(capabilities) and capabilities["resources"]["subscribe"] is True


@stateless("request-meta-client-info-optional")
def info_optional(place: Place, era: str) -> None:
    client = place.client(era)
    body = client.body("tools/list")
    del body["params"]["_meta"][INFO]
    assert sent(client, body).status == 200


@stateless("server-identifies-in-result-meta")
def identifies(place: Place, era: str) -> None:
    info = place.client(era).do("server/discover").result["_meta"][META + "serverInfo"]
    assert info["name"] and info["version"]


@stateless("server-unsupported-version-error")
def unsupported_version(place: Place, era: str) -> None:
    client = place.client(era)
    client.version = "1999-01-01"
    body = client.body("tools/list")
    answer = sent(client, body)
    assert answer.error["code"] == -32022 and answer.error["data"]["requested"] == "1999-01-01"
    assert MODERN_VERSION in answer.error["data"]["supported"] and answer.message["id"] == body["id"]


@stateless("http-server-unsupported-version-400")
def unsupported_version_400(place: Place, era: str) -> None:
    client = place.client(era)
    client.version = "v999.0.0"
    assert sent(client, client.body("server/discover")).status == 400


@stateless("http-server-meta-invalid-400")
def invalid_meta(place: Place, era: str) -> None:
    client = place.client(era)
    for missing in ([VERSION], [CAPABILITIES], [VERSION, CAPABILITIES, INFO]):
        body = client.body("server/discover")
        for name in missing:
            del body["params"]["_meta"][name]
        answer = sent(client, body)
        assert (answer.status, answer.error["code"], answer.message["id"]) == (400, -32602, body["id"]), (
            missing
        )
    body = client.body("server/discover")
    del body["params"]
    headers = client.headers() | {"MCP-Protocol-Version": MODERN_VERSION, "Mcp-Method": "server/discover"}
    answer = client.send("POST", json.dumps(body).encode(), headers)
    assert (answer.status, answer.error["code"]) == (400, -32602)


@stateless("http-server-header-mismatch-400")
def header_mismatch(place: Place, era: str) -> None:
    client = place.client(era)
    answer = sent(client, client.body("server/discover"), MCP_Protocol_Version="2025-11-25")
    assert (answer.status, answer.error["code"]) == (400, -32020)


@stateless("http-server-method-not-found-404")
def method_not_found(place: Place, era: str) -> None:
    client = place.client(era)
    methods = (
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "unknown/x",
    )
    for method in methods:
        answer = sent(client, client.body(method))
        assert (answer.status, answer.error["code"]) == (404, -32601), method


@stateless("http-server-error-jsonrpc-id")
def error_id(place: Place, era: str) -> None:
    client = place.client(era)
    for identifier in (7001, "a string", 0):
        assert sent(client, client.body("unknown/x", identifier=identifier)).message["id"] == identifier
        body = client.body("tools/call", {"name": place.named("nobody"), "arguments": {}}, identifier)
        assert sent(client, body).message["id"] == identifier


@stateless("server-no-log-without-loglevel")
def no_log(place: Place, era: str) -> None:
    exchange = place.client(era).tool(place.named("test_logging_tool"))
    assert exchange.notes("notifications/message") == []


@stateless("http-server-no-independent-requests-on-stream")
def no_requests(place: Place, era: str) -> None:
    client = place.client(era, {"elicitation": {}})
    params = {
        "name": place.named("test_streaming_elicitation"),
        "arguments": {},
        "_meta": {"progressToken": 1},
    }
    exchange = client.once("tools/call", params)
    assert [message.get("method") for message in exchange.messages] == ["notifications/progress"] * 3 + [None]
    assert exchange.result["resultType"] == "input_required"


@stateless("server-sends-subscription-ack")
def acknowledges(place: Place, era: str) -> None:
    with Heard(place.client(era), toolsListChanged=True, promptsListChanged=True) as heard:
        assert heard.agreed == {"toolsListChanged": True, "promptsListChanged": True}
        assert heard.stream.headers.get("x-accel-buffering") == "no"


@stateless("server-tags-subscription-id")
def tags(place: Place, era: str) -> None:
    client = place.client(era)
    for identifier in (4711, "four"):
        with client.begin(
            "subscriptions/listen", {"notifications": {"toolsListChanged": True}}, identifier
        ) as stream:
            events = (event.message() for event in stream.events() if event.data)
            assert next(events)["params"]["_meta"][META + "subscriptionId"] == identifier
            client.tool(place.named("test_trigger_tool_change"))
            assert next(events)["params"]["_meta"][META + "subscriptionId"] == identifier


@stateless("server-honors-notification-filter")
def honors_filter(place: Place, era: str) -> None:
    client = place.client(era)
    with Heard(client, promptsListChanged=True) as heard:
        client.tool(place.named("test_trigger_tool_change"))
        client.tool(place.named("test_trigger_prompt_change"))
        heard.until("notifications/prompts/list_changed", lambda message: False)


@stateless("server-sends-tools-list-changed-on-subscription")
def tools_changed(place: Place, era: str) -> None:
    client = place.client(era)
    with Heard(client, toolsListChanged=True) as heard:
        client.tool(place.named("test_trigger_tool_change"))
        heard.until("notifications/tools/list_changed", lambda message: False)


@stateless("server-sends-prompts-list-changed-on-subscription")
def prompts_changed(place: Place, era: str) -> None:
    client = place.client(era)
    with Heard(client, promptsListChanged=True) as heard:
        client.tool(place.named("test_trigger_prompt_change"))
        heard.until("notifications/prompts/list_changed", lambda message: False)


@scenario("no-session", "stateless rules", clients=MODERN)
def no_session(place: Place, era: str) -> None:
    """Old headers mean nothing, and no session is made."""
    client = place.client(era)
    answer = sent(client, client.body("tools/list"), Mcp_Session_Id="left-over", Last_Event_ID="1-1")
    assert answer.status == 200 and "mcp-session-id" not in answer.headers
    for verb in ("GET", "DELETE"):
        assert (
            client.send(verb, None, {"MCP-Protocol-Version": MODERN_VERSION, "Accept": "*/*"}).status == 405
        )


def hinted(result: dict) -> None:
    assert type(result["ttlMs"]) is int and result["ttlMs"] >= 0
    assert result["cacheScope"] in ("public", "private")


@scenario("caching", "caching", clients=MODERN)
def caching(place: Place, era: str) -> None:
    """Every complete list and every resource that is read says how long and for whom it holds."""
    client = place.client(era)
    for method in (*LISTS.values(), "server/discover"):
        hinted(client.do(method).result)
    hinted(client.do("resources/read", {"uri": "test://static-text"}).result)


@scenario("a-change-ends-what-was-cached", "caching")
def change_ends_cache(place: Place, era: str) -> None:
    client = place.client(era)

    before = names(client, "tools")
    with Heard(client, toolsListChanged=True) as heard:
        client.tool(place.named("test_trigger_tool_change"))
        assert len(heard.relisted("tools", before)) == len(before) + 1
    assert len(names(client, "tools")) == len(before) + 1
