"""The four bridges: a client and a server of either era, over stdio and HTTP, and every feature on each."""

import base64
import json
import re
import threading

import pytest

from harness.places import eventually
from harness.wire import CLIENTS

SERVERS = ("stdio-legacy", "stdio-modern", "http-legacy", "http-modern", "http-stream", "stdio-old")


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.stdio-legacy": shop.steered("stdio-legacy", "--era", "legacy", "--pages", 5),
            "servers.stdio-old": shop.steered("stdio-old", "--era", "legacy", "--latest", "2024-11-05"),
            "servers.stdio-modern": shop.steered("stdio-modern", "--era", "modern", "--pages", 5),
            "servers.http-legacy": shop.steered_http("http-legacy", "--era", "legacy"),
            "servers.http-modern": shop.steered_http("http-modern", "--era", "modern"),
            "servers.http-stream": shop.steered_http("http-stream", "--era", "legacy", "--sse", "--no-get"),
        }
    )


@pytest.fixture(params=SERVERS)
def server(request) -> str:
    return request.param


@pytest.fixture
def client(gateway, client_era):
    return CLIENTS[client_era](gateway.port).initialize()


def text(answer) -> str:
    return answer.result["content"][0]["text"]


def test_a_tool_answers(client, server) -> None:
    answer = client.call(f"{server}__echo", {"a": [1, {"b": None}], "ü": "☃"})
    assert answer.status == 200
    assert json.loads(text(answer)) == {"a": [1, {"b": None}], "ü": "☃"}
    assert re.fullmatch(r"[0-9A-Za-z_-]{8,}", answer.headers["attune-call-id"])


def test_a_result_with_an_error_stays_a_result(client, server) -> None:
    result = client.call(f"{server}__fail").result
    assert result["isError"] is True and result["content"][0]["text"] == "it did not work"


def test_an_error_of_the_server_passes_unwrapped(client, server) -> None:
    error = client.call(f"{server}__error", {"code": 4711}).error
    assert error == {"code": 4711, "message": "As asked", "data": {"kept": [1, 2]}}


def test_a_resource_is_read(client, server) -> None:
    result = client.request("resources/read", {"uri": f"steered://{server}/items/9"}).result
    assert result["contents"] == [
        {"uri": f"steered://{server}/items/9", "mimeType": "text/plain", "text": "content of items/9"}
    ]


def test_a_missing_resource_is_an_error_of_the_clients_era(client, client_era, server) -> None:
    error = client.request("resources/read", {"uri": f"steered://{server}/none"}).error
    assert error["code"] in ((-32602,) if client_era == "modern" else (-32002, -32602))


def test_templates_and_prompts_are_listed(client, server) -> None:
    templates = client.request("resources/templates/list").result["resourceTemplates"]
    assert f"steered://{server}/items/{{id}}" in [item["uriTemplate"] for item in templates]
    assert f"{server}__greet" in [item["name"] for item in client.request("prompts/list").result["prompts"]]


def test_a_prompt_is_filled(client, server) -> None:
    result = client.request("prompts/get", {"name": f"{server}__greet", "arguments": {"who": "Ada"}}).result
    assert result["messages"][0]["content"]["text"] == "Hello Ada"


def test_an_argument_is_completed(client, server) -> None:
    reference = {"type": "ref/prompt", "name": f"{server}__greet"}
    params = {"ref": reference, "argument": {"name": "who", "value": "al"}}
    assert client.request("completion/complete", params).result["completion"]["values"] == ["alice", "alina"]
    reference = {"type": "ref/resource", "uri": f"steered://{server}/items/{{id}}"}
    params = {"ref": reference, "argument": {"name": "id", "value": "b"}}
    assert client.request("completion/complete", params).result["completion"]["values"] == ["bob"]


def test_every_page_of_a_server_is_in_the_list(client, server) -> None:
    found, cursor = [], None
    while True:
        result = client.request("tools/list", {"cursor": cursor} if cursor else {}).result
        found += [item["name"] for item in result["tools"] if item["name"].startswith(server + "__")]
        if (cursor := result.get("nextCursor")) is None:
            break
    assert len(found) == len(set(found)) == 21


def test_a_cursor_that_nobody_gave_is_refused(client) -> None:
    assert client.request("tools/list", {"cursor": "made-up"}).error["code"] == -32602


@pytest.mark.parametrize("token", [7, "seven"])
def test_progress_arrives_before_the_answer_under_the_clients_token(client, server, token) -> None:
    answer = client.call(f"{server}__progress", {"count": 3, "interval": 0.02}, meta={"progressToken": token})
    assert text(answer) == "3 steps"
    steps = [note["params"] for note in answer.notifications if note["method"] == "notifications/progress"]
    assert [step["progress"] for step in steps] == [1, 2, 3]
    assert all(
        step["progressToken"] == token and type(step["progressToken"]) is type(token) for step in steps
    )


def test_a_cancelled_call_is_given_up_by_the_server(gateway, client, client_era, server) -> None:
    begun = len(gateway.received(server, "tools/call"))
    given_up = len(gateway.events(server, "gave up"))
    identifier = f"cancel-{server}"
    stream: list = []
    asking = threading.Thread(target=lambda: stream.append(attempt(client, server, identifier)))
    if client_era == "modern":
        connection = client.begin(
            "tools/call",
            {
                "name": f"{server}__progress",
                "arguments": {"count": 1000, "interval": 0.05},
                "_meta": {"progressToken": 1},
            },
            identifier,
        )
        next(connection.events())
        connection.close()
    else:
        asking.start()
        eventually(lambda: len(gateway.received(server, "tools/call")) > begun, 10, "the call")
        client.notify("notifications/cancelled", {"requestId": identifier, "reason": "test"})
    eventually(lambda: len(gateway.events(server, "gave up")) > given_up, 4, "the server giving the call up")
    if client_era == "legacy":
        asking.join(5)
        assert not asking.is_alive(), "the cancelled request's HTTP answer stays open"
    assert text(client.call(f"{server}__echo", {"after": 1})) == '{"after": 1}'


def attempt(client, server: str, identifier: str) -> object:
    try:
        return client.call(f"{server}__sleep", {"seconds": 30}, identifier=identifier)
    except Exception as error:  # noqa: BLE001 - a closed answer is what a cancelled call may get
        return error


def test_ping_is_answered_in_the_legacy_eras_and_unknown_in_the_modern(client, client_era) -> None:
    answer = client.request("ping")
    if client_era == "legacy":
        assert answer.result == {}
    else:
        assert (answer.status, answer.error["code"]) == (404, -32601)


def test_the_gateway_keeps_the_lifecycle_of_each_server(gateway, client, server) -> None:
    client.call(f"{server}__echo")
    methods = [message.get("method") for message in gateway.received(server)]
    if "modern" in server:
        assert "initialize" not in methods
        return
    assert (
        methods.index("initialize") < methods.index("notifications/initialized") < methods.index("tools/call")
    )


def test_an_argument_goes_into_its_header_for_a_modern_server(gateway, client, client_era) -> None:
    """A modern client sends the header itself; for a legacy one the gateway makes it."""
    client.request("tools/list")
    encoded = "=?base64?" + base64.b64encode("Köln".encode()).decode() + "?="
    headers = {"Mcp_Param_Region": encoded} if client_era == "modern" else {}
    answer = client.call("http-modern__regional", {"region": "Köln"}, **headers)
    assert text(answer) == "region Köln"
    assert not gateway.events("http-modern", "header mismatch")


def test_what_the_gateway_wrote_to_the_servers_is_valid(gateway, client, server) -> None:
    from harness import schemas

    client.call(f"{server}__echo")
    version = {"stdio-old": "2024-11-05"}.get(server, "2026-07-28" if "modern" in server else "2025-11-25")
    for message in gateway.received(server):
        if "modern" not in server and message.get("method") == "server/discover":
            continue
        schemas.check_sent_to_server(version, message)
