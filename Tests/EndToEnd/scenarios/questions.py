"""What a server asks its client for: sampling, elicitation and roots, in whatever way the two eras have."""

from harness.peers import EVERYTHING, Refusal

from . import Place, scenario

WITH_URL = EVERYTHING | {"elicitation": {"form": {}, "url": {}}}


@scenario("tools-call-sampling", "sampling")
def sampling(place: Place, era: str) -> None:
    client = place.client(era, EVERYTHING)
    exchange = client.tool(place.named("test_sampling"), {"prompt": "Say something"})
    ((method, params),) = exchange.asked
    assert method == "sampling/createMessage" and params["maxTokens"] == 100
    assert params["messages"][0]["content"] == {"type": "text", "text": "Say something"}
    assert exchange.text == "LLM response: answer to Say something"


@scenario("tools-call-elicitation", "elicitation")
def elicitation(place: Place, era: str) -> None:
    client = place.client(era, EVERYTHING)
    exchange = client.tool(place.named("test_elicitation"), {"message": "Who are you?"})
    ((method, params),) = exchange.asked
    assert method == "elicitation/create" and params["message"] == "Who are you?"
    assert sorted(params["requestedSchema"]["properties"]) == ["email", "username"]
    assert exchange.text == "accept: email=Alice, username=Alice"


def answering(place: Place, era: str, action: str) -> str:
    client = place.client(era, EVERYTHING)
    client.answers["elicitation/create"] = lambda params: {"action": action}
    return client.tool(place.named("test_elicitation"), {"message": "Who are you?"}).text


@scenario("elicitation-declined", "elicitation")
def declined(place: Place, era: str) -> None:
    assert answering(place, era, "decline") == "decline: "


@scenario("elicitation-cancelled", "elicitation")
def cancelled(place: Place, era: str) -> None:
    assert answering(place, era, "cancel") == "cancel: "


@scenario("elicitation-url", "elicitation")
def url(place: Place, era: str) -> None:
    exchange = place.client(era, WITH_URL).tool(place.named("test_elicitation_url"))
    ((_, params),) = exchange.asked
    assert (params["mode"], params["url"]) == ("url", "https://example.org/sign-in?for=a%20b")
    if era == "legacy":
        assert params["elicitationId"]
    assert exchange.text == "accept: "


@scenario("elicitation-url-undeclared", "elicitation", clients=("modern",))
def url_undeclared(place: Place, era: str) -> None:
    """A client that takes forms only is not asked to open a page."""
    exchange = place.client(era, {"elicitation": {"form": {}}}).once(
        "tools/call", {"name": place.named("test_elicitation_url"), "arguments": {}}
    )
    assert (exchange.status, exchange.error["code"]) == (400, -32021)


@scenario("elicitation-sep1034-defaults", "elicitation")
def defaults(place: Place, era: str) -> None:
    exchange = place.client(era, EVERYTHING).tool(place.named("test_elicitation_sep1034_defaults"))
    ((_, params),) = exchange.asked
    found = {name: item["default"] for name, item in params["requestedSchema"]["properties"].items()}
    expected = {"name": "John Doe", "age": 30, "score": 95.5, "status": "active", "verified": True}
    assert found == expected
    assert exchange.result["structuredContent"]["content"] == expected


@scenario("elicitation-sep1330-enums", "elicitation")
def enums(place: Place, era: str) -> None:
    exchange = place.client(era, EVERYTHING).tool(place.named("test_elicitation_sep1330_enums"))
    ((_, params),) = exchange.asked
    properties = params["requestedSchema"]["properties"]
    assert properties["untitledSingle"]["enum"] == ["option1", "option2", "option3"]
    assert properties["titledSingle"]["oneOf"][0] == {"const": "value1", "title": "Title 1"}
    assert properties["legacyEnum"]["enumNames"] == ["One", "Two", "Three"]
    assert properties["untitledMulti"]["items"]["enum"] == ["option1", "option2", "option3"]
    assert properties["titledMulti"]["items"]["anyOf"][2] == {"const": "value3", "title": "Title 3"}
    assert exchange.result["structuredContent"]["content"]["titledMulti"]


@scenario("roots-list", "roots")
def roots(place: Place, era: str) -> None:
    exchange = place.client(era, EVERYTHING).tool(place.named("test_list_roots"))
    assert exchange.methods == ["roots/list"] and exchange.text == "file:///home/user/project"


@scenario("several-questions", "questions")
def several(place: Place, era: str) -> None:
    """Three different questions of one call all reach the client, at once or one after the other."""
    exchange = place.client(era, EVERYTHING).tool(place.named("test_input_required_result_multiple_inputs"))
    assert sorted(exchange.methods) == ["elicitation/create", "roots/list", "sampling/createMessage"]
    assert exchange.text == "answer to Generate a greeting Alice, 1 roots"


@scenario("questions-in-rounds", "questions")
def rounds(place: Place, era: str) -> None:
    exchange = place.client(era, EVERYTHING).tool(place.named("test_input_required_result_multi_round"))
    assert [params["message"] for _, params in exchange.asked] == [
        "Step 1: your name?",
        "Step 2: your color?",
    ]
    assert exchange.text == "Alice likes Alice"


@scenario("questions-of-a-prompt", "questions")
def of_a_prompt(place: Place, era: str) -> None:
    params = {"name": place.named("test_input_required_result_prompt")}
    exchange = place.client(era, EVERYTHING).do("prompts/get", params)
    assert exchange.methods == ["elicitation/create"]
    assert exchange.result["messages"][0]["content"]["text"] == "Use this context: Alice"


@scenario("progress-and-a-question", "questions")
def progress_and_question(place: Place, era: str) -> None:
    client = place.client(era, EVERYTHING)
    exchange = client.tool(place.named("test_streaming_elicitation"), meta={"progressToken": "p"})
    assert [note["progress"] for note in exchange.notes("notifications/progress")][:3] == [0, 50, 100]
    assert exchange.methods == ["elicitation/create"] and exchange.text == "Hello, Alice!"


@scenario("refused-question", "questions", clients=("legacy",))
def refused(place: Place, era: str) -> None:
    """A client's error for a question reaches a server that can hear of it, and the call ends."""

    def refuse(params: dict) -> dict:
        raise Refusal(-1, "The user rejected it")

    client = place.client(era, EVERYTHING)
    client.answers["sampling/createMessage"] = refuse
    message = client.tool(place.named("test_sampling"), {"prompt": "x"}).message
    if place.server == "legacy":
        assert (
            message["result"]["isError"] and "The user rejected it" in message["result"]["content"][0]["text"]
        )
    else:
        assert "error" in message or message["result"]["isError"]


@scenario("undeclared-capability-legacy", "capabilities", clients=("legacy",), direct=False)
def undeclared_legacy(place: Place, era: str) -> None:
    """A handshake client is never asked for what it did not declare."""
    exchange = place.client(era, {}).tool(place.named("test_missing_capability"))
    assert exchange.asked == []
    assert "error" in exchange.message or exchange.result["isError"]


@scenario("server-rejects-undeclared-capability", "capabilities", clients=("modern",))
def undeclared(place: Place, era: str) -> None:
    """-32021 with what is required, over HTTP 400, and for this request only."""
    client = place.client(era, {})
    params = {"name": place.named("test_missing_capability"), "arguments": {}}
    exchange = client.once("tools/call", params, 401)
    assert (exchange.status, exchange.error["code"]) == (400, -32021)
    assert "sampling" in exchange.error["data"]["requiredCapabilities"]
    assert exchange.message["id"] == 401
    client.capabilities = EVERYTHING
    assert client.do("tools/call", params).text == "answer to Anything?"
