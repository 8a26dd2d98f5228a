"""Multi round-trip requests as a modern client sees them; the server may be of either era."""

from harness.peers import EVERYTHING, Exchange, filled, sampled
from harness.wire import META

from . import Place, scenario

MODERN = ("modern",)


def first(place: Place, name: str, capabilities: dict | None = None) -> tuple:
    client = place.client("modern", EVERYTHING if capabilities is None else capabilities)
    params = {"name": place.named(f"test_input_required_result_{name}"), "arguments": {}}
    exchange = client.once("tools/call", params)
    assert exchange.result["resultType"] == "input_required", exchange.message
    assert exchange.status == 200
    return client, params, exchange.result


def retry(client, params: dict, result: dict, answers: dict, **more: object) -> Exchange:
    params = params | {"inputResponses": answers} | more
    if "requestState" in result:
        params = {"requestState": result["requestState"]} | params
    return client.once("tools/call", params)


def only(requests: dict, method: str) -> tuple[str, dict]:
    ((name, request),) = requests.items()
    assert request["method"] == method
    return name, request["params"]


def text(exchange: Exchange) -> str:
    assert exchange.result["resultType"] == "complete", exchange.message
    return exchange.text


@scenario("input-required-result-basic-elicitation", "input required", clients=MODERN)
def basic_elicitation(place: Place, era: str) -> None:
    client, params, result = first(place, "elicitation")
    name, asked = only(result["inputRequests"], "elicitation/create")
    if place.server == "modern":
        assert name == "user_name"
    answered = retry(client, params, result, {name: {"action": "accept", "content": {"name": "Bob"}}})
    assert asked["message"] == "What is your name?" and text(answered) == "Hello, Bob!"


@scenario("input-required-result-basic-sampling", "input required", clients=MODERN)
def basic_sampling(place: Place, era: str) -> None:
    client, params, result = first(place, "sampling")
    name, asked = only(result["inputRequests"], "sampling/createMessage")
    answered = retry(client, params, result, {name: sampled(asked)})
    assert text(answered) == "answer to What is the capital of France?"


@scenario("input-required-result-basic-list-roots", "input required", clients=MODERN)
def basic_list_roots(place: Place, era: str) -> None:
    client, params, result = first(place, "list_roots")
    ((name, request),) = result["inputRequests"].items()
    assert request["method"] == "roots/list"
    answered = retry(client, params, result, {name: {"roots": [{"uri": "file:///a"}, {"uri": "file:///b"}]}})
    assert text(answered) == "file:///a file:///b"


@scenario("input-required-result-request-state", "input required", clients=MODERN)
def request_state(place: Place, era: str) -> None:
    client, params, result = first(place, "request_state")
    assert isinstance(result["requestState"], str) and result["requestState"]
    name, _ = only(result["inputRequests"], "elicitation/create")
    answered = retry(client, params, result, {name: {"action": "accept", "content": {"ok": True}}})
    assert "state-ok" in text(answered)


@scenario("input-required-result-multiple-input-requests", "input required", clients=MODERN, servers=MODERN)
def multiple_input_requests(place: Place, era: str) -> None:
    client, params, result = first(place, "multiple_inputs")
    requests = result["inputRequests"]
    assert {name: request["method"] for name, request in requests.items()} == {
        "user_name": "elicitation/create",
        "greeting": "sampling/createMessage",
        "client_roots": "roots/list",
    }
    answers = {
        name: client.answers[item["method"]](item.get("params") or {}) for name, item in requests.items()
    }
    assert text(retry(client, params, result, answers)) == "answer to Generate a greeting Alice, 1 roots"


@scenario("input-required-result-multi-round", "input required", clients=MODERN)
def multi_round(place: Place, era: str) -> None:
    client, params, result = first(place, "multi_round")
    name, _ = only(result["inputRequests"], "elicitation/create")
    second = retry(client, params, result, {name: {"action": "accept", "content": {"name": "Bob"}}}).result
    assert second["resultType"] == "input_required" and second["requestState"] != result["requestState"]
    name, _ = only(second["inputRequests"], "elicitation/create")
    last = retry(client, params, second, {name: {"action": "accept", "content": {"color": "blue"}}})
    assert text(last) == "Bob likes blue"


@scenario("input-required-result-missing-input-response", "input required", clients=MODERN)
def missing_input_response(place: Place, era: str) -> None:
    """A retry without the answer is asked again and not failed."""
    client, params, result = first(place, "elicitation")
    again = retry(client, params, result, {"wrong_key": {"action": "accept", "content": {"x": "y"}}}).result
    assert again["resultType"] == "input_required"
    name, _ = only(again["inputRequests"], "elicitation/create")
    answered = retry(client, params, again, {name: {"action": "accept", "content": {"name": "Bob"}}})
    assert text(answered) == "Hello, Bob!"


@scenario("input-required-result-missing-state", "input required", clients=MODERN)
def missing_state(place: Place, era: str) -> None:
    """Answers without any state before them begin the call, and are asked for again."""
    client = place.client(era, EVERYTHING)
    params = {"name": place.named("test_input_required_result_elicitation"), "arguments": {}}
    result = client.once(
        "tools/call", params | {"inputResponses": {"wrong_key": {"action": "cancel"}}}
    ).result
    assert result["resultType"] == "input_required"


@scenario("input-required-result-non-tool-request", "input required", clients=MODERN)
def non_tool_request(place: Place, era: str) -> None:
    client = place.client(era, EVERYTHING)
    params = {"name": place.named("test_input_required_result_prompt")}
    result = client.once("prompts/get", params).result
    assert result["resultType"] == "input_required"
    name, _ = only(result["inputRequests"], "elicitation/create")
    more = {"requestState": result["requestState"]} if "requestState" in result else {}
    answers = {"inputResponses": {name: {"action": "accept", "content": {"context": "the test"}}}}
    last = client.once("prompts/get", params | answers | more).result
    assert last["resultType"] == "complete"
    assert last["messages"][0]["content"]["text"] == "Use this context: the test"


@scenario("input-required-result-result-type", "input required", clients=MODERN)
def result_type(place: Place, era: str) -> None:
    """Every result says what it is."""
    client, params, result = first(place, "elicitation")
    assert set(result) <= {"resultType", "inputRequests", "requestState", "_meta"}
    assert client.tool(place.named("test_simple_text")).result["resultType"] == "complete"
    for method in ("tools/list", "prompts/list", "resources/list", "server/discover"):
        assert client.do(method).result["resultType"] == "complete"


@scenario("input-required-result-unsupported-methods", "input required", clients=MODERN)
def unsupported_methods(place: Place, era: str) -> None:
    """Only tools/call, prompts/get and resources/read may ask back."""
    client = place.client(era, EVERYTHING)
    for method in (
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "server/discover",
    ):
        assert client.once(method).result["resultType"] == "complete"
    reference = {"type": "ref/prompt", "name": place.named("test_input_required_result_prompt")}
    params = {"ref": reference, "argument": {"name": "arg1", "value": "p"}}
    assert client.once("completion/complete", params).result["resultType"] == "complete"


@scenario("input-required-result-tampered-state", "input required", clients=MODERN)
def tampered_state(place: Place, era: str) -> None:
    client, params, result = first(place, "tampered_state")
    name, _ = only(result["inputRequests"], "elicitation/create")
    answers = {name: {"action": "accept", "content": {"ok": True}}}
    state = result["requestState"]
    middle = (
        state[: len(state) // 2]
        + ("A" if state[len(state) // 2] != "A" else "B")
        + state[len(state) // 2 + 1 :]
    )
    for changed in (state + "-TAMPERED", middle, state[:-4], "", "not-a-state"):
        refused = retry(client, params, result, answers, requestState=changed)
        assert refused.error["code"] == -32602, changed
    assert "state-ok" in text(retry(client, params, result, answers))


@scenario("state-of-another-call", "input required", clients=MODERN)
def state_of_another_call(place: Place, era: str) -> None:
    """A state belongs to the request that it was given for."""
    client, _, result = first(place, "tampered_state")
    name, _ = only(result["inputRequests"], "elicitation/create")
    params = {"name": place.named("test_input_required_result_request_state"), "arguments": {}}
    answers = {name: {"action": "accept", "content": {"ok": True}}}
    assert retry(client, params, result, answers).error["code"] == -32602


@scenario("input-required-result-capability-check", "input required", clients=MODERN)
def capability_check(place: Place, era: str) -> None:
    """Only what this request's client declares is asked for, whatever was declared before."""
    if place.server == "legacy" and place.prefix:
        first(place, "elicitation", {"elicitation": {}})
    name = place.named("test_input_required_result_capabilities")
    for capabilities, method in (
        ({"sampling": {}}, "sampling/createMessage"),
        ({"elicitation": {}}, "elicitation/create"),
    ):
        client = place.client(era, capabilities)
        if place.server == "legacy":
            continue
        result = client.once("tools/call", {"name": name, "arguments": {}}).result
        assert [item["method"] for item in result["inputRequests"].values()] == [method]
    refused = place.client(era, {"elicitation": {}}).once(
        "tools/call", {"name": place.named("test_input_required_result_sampling"), "arguments": {}}
    )
    assert (refused.status, refused.error["code"]) == (400, -32021)


@scenario("input-required-result-ignore-extra-params", "input required", clients=MODERN)
def ignore_extra_params(place: Place, era: str) -> None:
    client, params, result = first(place, "elicitation")
    name, _ = only(result["inputRequests"], "elicitation/create")
    answers = {name: {"action": "accept", "content": {"name": "Bob"}}, "extra": {"action": "cancel"}}
    assert text(retry(client, params, result, answers)) == "Hello, Bob!"


@scenario("input-required-result-validate-input", "input required", clients=MODERN)
def validate_input(place: Place, era: str) -> None:
    """What is no answer at all does not complete the call."""
    client, params, result = first(place, "elicitation")
    name, asked = only(result["inputRequests"], "elicitation/create")
    body = client.body("tools/call", params | {"inputResponses": {name: "not an object"}})
    if "requestState" in result:
        body["params"]["requestState"] = result["requestState"]
    import json

    answer = client.send("POST", json.dumps(body).encode(), client.headers_for(body))
    message = answer.message
    assert "error" in message or message["result"]["resultType"] == "input_required", message
    if "error" in message:
        assert message["error"]["code"] == -32602
        client, params, result = first(place, "elicitation")
        name, asked = only(result["inputRequests"], "elicitation/create")
    else:
        result = message["result"]
        name, asked = only(result["inputRequests"], "elicitation/create")
    assert text(retry(client, params, result, {name: filled(asked)})) == "Hello, Alice!"


@scenario("a-retry-is-a-new-request", "input required", clients=MODERN)
def new_request(place: Place, era: str) -> None:
    """The server's own view: a retry repeats the parameters, under another id."""
    client = place.client(era, EVERYTHING)
    client.tool(place.named("test_input_required_result_request_state"), {"kept": [1, 2.50]})
    calls = place.record.messages("tools/call")
    if place.server == "legacy":
        assert (
            calls[-1]["params"]["arguments"] == {"kept": [1, 2.5]}
            and "inputResponses" not in calls[-1]["params"]
        )
        return
    before, after = calls[-2:]
    assert before["id"] != after["id"] and before["params"]["arguments"] == after["params"]["arguments"]
    assert set(after["params"]["inputResponses"]) == {"confirm"} and "requestState" in after["params"]
    assert after["params"]["_meta"][META + "clientCapabilities"].keys() >= {"elicitation"}
