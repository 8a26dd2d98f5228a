"""Tasks: the extension of 2026-07-28, and the core tasks of 2025-11-25."""

from harness.peers import filled
from harness.places import eventually
from harness.wire import META

from . import Place, scenario
from .notifications import Heard

EXTENSION = META + "tasks"
ABLE = {"extensions": {EXTENSION: {}}, "elicitation": {}}
MODERN, LEGACY = ("modern",), ("legacy",)


def modern(name: str):
    return scenario(name, "tasks", clients=MODERN, servers=MODERN)


def begun(place: Place, name: str, capabilities: dict | None = None) -> tuple:
    client = place.client("modern", ABLE if capabilities is None else capabilities)
    result = client.once("tools/call", {"name": place.named(name), "arguments": {}}).result
    assert result["resultType"] == "task", result
    return client, result["taskId"], result


def until(client, identifier: str, status: str) -> dict:
    def state() -> dict | None:
        result = client.once("tasks/get", {"taskId": identifier}).result
        return result if result["status"] == status else None

    return eventually(state, 5, f"a task that is {status}")


@modern("tasks-lifecycle")
def lifecycle(place: Place, era: str) -> None:
    client, identifier, result = begun(place, "test_task")
    assert result["status"] == "working"
    done = until(client, identifier, "completed")
    assert done["result"]["content"] == [{"type": "text", "text": "test_task is done"}]


@modern("tasks-cancel")
def cancel(place: Place, era: str) -> None:
    client, identifier, _ = begun(place, "test_task_input")
    until(client, identifier, "input_required")
    assert client.once("tasks/cancel", {"taskId": identifier}).result["resultType"] == "complete"
    until(client, identifier, "cancelled")


@modern("tasks-capability-negotiation")
def negotiation(place: Place, era: str) -> None:
    """A task only for a client that can take one, request by request; the extension is announced."""
    client = place.client(era, {})
    assert EXTENSION in client.do("server/discover").result["capabilities"]["extensions"]
    assert client.tool(place.named("test_task")).result["resultType"] == "complete"
    begun(place, "test_task")


@modern("tasks-required-task-error")
def required(place: Place, era: str) -> None:
    params = {"name": place.named("test_task_required"), "arguments": {}}
    exchange = place.client(era, {}).once("tools/call", params)
    assert (exchange.status, exchange.error["code"]) == (400, -32021)
    assert EXTENSION in exchange.error["data"]["requiredCapabilities"]["extensions"]


@modern("tasks-wire-fields")
def wire_fields(place: Place, era: str) -> None:
    client, identifier, result = begun(place, "test_task")
    for state in (result, client.once("tasks/get", {"taskId": identifier}).result):
        assert {"taskId", "status", "createdAt", "lastUpdatedAt", "ttlMs"} <= set(state)
        assert state["taskId"] == identifier and type(state["ttlMs"]) is int
    assert until(client, identifier, "completed")["resultType"] == "complete"


@modern("tasks-request-headers")
def request_headers(place: Place, era: str) -> None:
    """Mcp-Name of a task's request is its id, and another one is refused."""
    client, identifier, _ = begun(place, "test_task")
    exchange = client.once("tasks/get", {"taskId": identifier}, headers={"Mcp-Name": "another"})
    assert (exchange.status, exchange.error["code"]) == (400, -32020)


@modern("tasks-dispatch-and-envelope")
def dispatch(place: Place, era: str) -> None:
    client = place.client(era, ABLE)
    for method in ("tasks/get", "tasks/cancel"):
        assert client.once(method, {"taskId": "nobody's"}).error["code"] == -32602
    for method in ("tasks/list", "tasks/result"):
        answer = client.send("POST", *encoded(client, method, {"taskId": "nobody's"}))
        assert (answer.status, answer.error["code"]) == (404, -32601)


def encoded(client, method: str, params: dict) -> tuple[bytes, dict]:
    import json

    body = client.body(method, params)
    return json.dumps(body).encode(), client.headers_for(body)


@modern("tasks-mrtr-input")
def input_of_a_task(place: Place, era: str) -> None:
    client, identifier, _ = begun(place, "test_task_input")
    ((name, request),) = until(client, identifier, "input_required")["inputRequests"].items()
    params = {"taskId": identifier, "inputResponses": {name: filled(request["params"])}}
    assert client.once("tasks/update", params).result["resultType"] == "complete"
    assert until(client, identifier, "completed")["result"]["content"][0]["text"] == "Hello, Alice!"


@modern("tasks-mrtr-composition")
def composition(place: Place, era: str) -> None:
    """A call that asks first and then becomes a task."""
    client = place.client(era, ABLE)
    exchange = client.tool(place.named("test_task_composition"))
    assert exchange.methods == ["elicitation/create"] and exchange.result["resultType"] == "task"
    until(client, exchange.result["taskId"], "completed")


@modern("tasks-request-state-removal")
def no_request_state(place: Place, era: str) -> None:
    """Tasks are known by their id alone: no result of theirs has a requestState."""
    client, identifier, result = begun(place, "test_task_input")
    asked = until(client, identifier, "input_required")
    ((name, request),) = asked["inputRequests"].items()
    answer = {"taskId": identifier, "inputResponses": {name: filled(request["params"])}}
    results = (
        result,
        asked,
        client.once("tasks/update", answer).result,
        until(client, identifier, "completed"),
    )
    assert not any("requestState" in item for item in results)


@modern("tasks-status-notifications")
def status_notifications(place: Place, era: str) -> None:
    client, identifier, _ = begun(place, "test_task_input")
    until(client, identifier, "input_required")
    with Heard(client, taskIds=[identifier]) as heard:
        assert heard.agreed == {"taskIds": [identifier]}
        client.once("tasks/cancel", {"taskId": identifier})
        note = heard.until("notifications/tasks")
        assert (note["taskId"], note["status"]) == (identifier, "cancelled")


@scenario("core-tasks", "tasks", clients=LEGACY, servers=LEGACY)
def core_tasks(place: Place, era: str) -> None:
    """The tasks of 2025-11-25: created on demand, asked for, waited for, listed and cancelled."""
    client = place.client(era)
    assert client.initialization["capabilities"]["tasks"]["requests"]["tools"]["call"] == {}
    task = client.tool(place.named("test_task"), task={"ttl": 60_000}).result["task"]
    identifier = task["taskId"]
    assert (
        task["status"] == "working"
        and client.do("tasks/get", {"taskId": identifier}).result["taskId"] == identifier
    )
    result = client.do("tasks/result", {"taskId": identifier}).result
    assert result["content"][0]["text"] == "test_task is done"
    assert result["_meta"][META + "related-task"]["taskId"] == identifier
    assert identifier in [item["taskId"] for item in client.do("tasks/list").result["tasks"]]
    other = client.tool(place.named("test_task_required"), task={"ttl": 60_000}).result["task"]["taskId"]
    assert client.do("tasks/cancel", {"taskId": other}).result["status"] == "cancelled"
