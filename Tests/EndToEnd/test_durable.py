"""Answers that take their time, and what modern requests say in header fields, through the gateway."""

import json
import sys
import time

import pytest

from harness.places import SUITE, eventually, free_port
from harness.wire import META, LegacyClient, ModernClient

TASKS = "io.modelcontextprotocol/tasks"
DECLARED = {META + "clientCapabilities": {"extensions": {TASKS: {}}}}


def durable(shop, era: str) -> dict:
    port = free_port()
    line = [sys.executable, SUITE / "servers" / "durable_server.py", "--port", port, "--era", era]
    shop.run(line, port)
    return {"url": f"http://127.0.0.1:{port}/mcp"}


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway({"servers.old": durable(shop, "legacy"), "servers.new": durable(shop, "modern")})


def place(kind: str, server: str) -> tuple[str, str]:
    return ("/mcp", f"{server}__") if kind == "/mcp" else (f"/mcp/{server}", "")


@pytest.mark.parametrize("kind", ["/mcp", "own"])
def test_an_answer_is_fetched_from_the_stream_that_goes_on(gateway, kind) -> None:
    path, prefix = place(kind, "old")
    client = LegacyClient(gateway.port, path).initialize()
    start = time.monotonic()
    answer = client.call(prefix + "slow")
    assert answer.result["content"][0]["text"] == "at last"
    assert 0.45 <= time.monotonic() - start < 5


@pytest.mark.parametrize("kind", ["/mcp", "own"])
def test_a_legacy_task_is_created_asked_about_and_its_result_waited_for(gateway, kind) -> None:
    path, prefix = place(kind, "old")
    client = LegacyClient(gateway.port, path).initialize()
    assert client.initialization["capabilities"]["tasks"]["requests"] == {"tools": {"call": {}}}
    body = client.body("tools/call", {"name": prefix + "task", "arguments": {}, "task": {"ttl": 60_000}})
    identifier = client.post(body).result["task"]["taskId"]
    assert identifier.startswith("own-") == (kind == "own")
    assert client.request("tasks/get", {"taskId": identifier}).result["taskId"] == identifier
    result = client.request("tasks/result", {"taskId": identifier}).result
    assert result["content"][0]["text"] == "done"
    assert result["_meta"][META + "related-task"]["taskId"] == identifier
    assert client.request("tasks/get", {"taskId": identifier}).result["status"] == "completed"
    assert client.request("tasks/get", {"taskId": identifier[:-1] + "~"}).error["code"] == -32602
    if kind == "/mcp":
        listed = [task["taskId"] for task in client.request("tasks/list").result["tasks"]]
        assert listed.count(identifier) == 1


@pytest.mark.parametrize("kind", ["/mcp", "own"])
def test_a_modern_task_is_created_asked_about_and_completed(gateway, kind) -> None:
    path, prefix = place(kind, "new")
    client = ModernClient(gateway.port, path)
    assert TASKS in client.request("server/discover").result["capabilities"]["extensions"]

    def ask(method: str, params: dict, **headers: str):
        body = client.body(method, params | {"_meta": DECLARED})
        return client.send("POST", json.dumps(body).encode(), client.headers_for(body) | headers)

    created = ask("tools/call", {"name": prefix + "task", "arguments": {}}).result
    identifier = created["taskId"]
    assert created["resultType"] == "task" and identifier.startswith("own-") == (kind == "own")
    named = {"Mcp-Name": identifier}
    assert ask("tasks/get", {"taskId": identifier}).error["code"] == -32020
    first = ask("tasks/get", {"taskId": identifier}, **named).result
    assert first["taskId"] == identifier
    eventually(
        lambda: ask("tasks/get", {"taskId": identifier}, **named).result["status"] == "completed", 10, "done"
    )
    done = ask("tasks/get", {"taskId": identifier}, **named).result
    assert done["result"]["content"][0]["text"] == "done"
    assert ask("tasks/cancel", {"taskId": identifier}, **named).result["resultType"] == "complete"
    assert client.call(prefix + "task").result["content"][0]["text"] == "no task"


@pytest.mark.parametrize("kind", ["/mcp", "own"])
def test_mirrored_arguments_are_checked_and_passed_on(gateway, kind) -> None:
    path, prefix = place(kind, "new")
    client = ModernClient(gateway.port, path)

    def call(arguments: dict, **fields: str):
        body = client.body("tools/call", {"name": prefix + "seen", "arguments": arguments})
        more = {"Mcp-Param-" + name: value for name, value in fields.items()}
        return client.send("POST", json.dumps(body).encode(), client.headers_for(body) | more)

    good = call({"region": "ä", "shard": 7}, region="  =?base64?w6Q=?= ", SHARD="7.0", Other="x")
    seen = json.loads(good.result["content"][0]["text"])
    assert seen["mcp-param-region"] == "=?base64?w6Q=?=" and seen["mcp-param-shard"] == "7"
    assert seen["mcp-param-other"] == "x" and seen["mcp-name"] == "seen"
    for arguments, fields in [
        ({"region": "eu"}, {}),
        ({"region": "eu"}, {"Region": "us"}),
        ({}, {"Region": "eu"}),
        ({"shard": 7}, {"Shard": "7.5"}),
        ({"region": "eu"}, {"Region": "=?base64?ZXU?="}),
    ]:
        answer = call(arguments, **fields)
        assert (answer.status, answer.error["code"]) == (400, -32020), (arguments, fields)


def test_header_fields_are_made_for_a_legacy_client(gateway) -> None:
    client = LegacyClient(gateway.port).initialize()
    seen = json.loads(client.call("new__seen", {"region": "wetter-ä"}).result["content"][0]["text"])
    assert seen["mcp-param-region"] == "=?base64?d2V0dGVyLcOk?="
    assert (seen["mcp-method"], seen["mcp-name"]) == ("tools/call", "seen")
    assert seen["mcp-protocol-version"] == "2026-07-28"


@pytest.mark.parametrize("server", ["old", "new"])
def test_a_trace_goes_on_under_a_span_of_the_gateway(gateway, server) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    parent = f"00-{trace}-00f067aa0ba902b7-01"
    for client in [LegacyClient(gateway.port).initialize(), ModernClient(gateway.port)]:
        answer = client.call(f"{server}__seen", meta={"traceparent": parent, "tracestate": "a=1"})
        meta = json.loads(answer.result["content"][0]["text"])["_meta"]
        assert meta["traceparent"].startswith(f"00-{trace}-") and meta["traceparent"] != parent
        assert meta["tracestate"] == "a=1"
    calls = gateway.listing("ls", "calls")
    assert any(call.get("trace_id") == trace for call in calls)
