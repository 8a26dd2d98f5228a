"""Every feature of the official SDK's servers, used by the client of mcp 1.30 through the gateway."""

import pytest

from harness.legacy_sdk import LegacySDK, LegacySDKError
from harness.places import SUITE, eventually, free_port, program

ERAS = ("legacy", "modern")


@pytest.fixture(scope="module")
def urls(module_workshop) -> dict[tuple[str, str], str]:
    shop, sections, found = module_workshop, {}, {}
    for era in ERAS:
        port = free_port()
        shop.run([program(f"servers-{era}", "python"), SUITE / "servers" / "sdk_server.py", port], port)
        found["direct", era] = f"http://127.0.0.1:{port}/mcp"
        sections[f"servers.sdk-{era}"] = {"url": found["direct", era]}
    gateway = shop.gateway(sections)
    for era in ERAS:
        found["transparent", era] = f"{gateway.url}/sdk-{era}"
    return found


@pytest.fixture(params=[(kind, era) for kind in ("direct", "transparent") for era in ERAS], ids="-".join)
def case(request) -> tuple[str, str]:
    return request.param


@pytest.fixture(scope="module")
def clients(urls):
    """One client for each place, for all tests."""
    made: dict = {}

    def of(case: tuple[str, str]) -> LegacySDK:
        if case not in made:
            made[case] = LegacySDK("http", urls[case]).__enter__()
        return made[case]

    yield of
    for client in made.values():
        client.__exit__()


@pytest.fixture
def client(clients, case) -> LegacySDK:
    return clients(case)


def text(result: dict) -> str:
    return result["content"][0]["text"]


def test_every_kind_of_content_arrives(client) -> None:
    kinds = [block["type"] for block in client.do("call_tool", name="kinds")["content"]]
    assert kinds == ["text", "image", "audio", "resource", "resource_link"]


def test_structured_content_arrives(client) -> None:
    result = client.do("call_tool", name="weather", arguments={"city": "Bonn"})
    assert result["structuredContent"] == {"temperature": 22.5, "unit": "C"}


def test_a_failure_is_a_result(client) -> None:
    assert client.do("call_tool", name="failing")["isError"] is True


def test_progress_is_reported(client) -> None:
    client.do("call_tool", name="steps", arguments={"count": 3}, with_progress=True)
    assert client.progress == [1, 2, 3]


def test_log_messages_arrive(client) -> None:
    before = len(client.do("levels"))
    client.do("call_tool", name="logs")
    eventually(lambda: client.do("levels")[before:] == ["info", "warning"], 4, "two log messages")


def test_the_user_is_asked(client) -> None:
    assert text(client.do("call_tool", name="ask_user")) == "Ada is 36"
    assert client.do("asked")[-1] == "Who are you?"


def test_the_user_is_asked_to_open_a_page(client, case) -> None:
    if case[1] == "modern":
        pytest.skip("the new SDK's tools ask for pages by a raw result only")
    assert text(client.do("call_tool", name="ask_page")) == "accept"
    eventually(
        lambda: "notifications/elicitation/complete" in client.do("notifications"), 4, "its completion"
    )


def test_the_model_is_asked(client) -> None:
    assert text(client.do("call_tool", name="ask_model", arguments={"prompt": "What?"})) == "What?: 42"


def test_roots_are_asked_for(client) -> None:
    assert text(client.do("call_tool", name="ask_roots")) == "file:///home/a file:///home/b"


def test_resources_are_listed_read_and_watched(client, case) -> None:
    assert "sdk://greeting" in [item["uri"] for item in client.do("list_resources")["resources"]]
    assert client.do("read_resource", uri="sdk://square/12")["contents"][0]["text"] == "144"
    if case == ("direct", "modern"):
        return  # The new SDK's server has no subscriptions for an older client.
    client.do("subscribe_resource", uri="sdk://greeting")
    client.do("call_tool", name="touch")
    eventually(lambda: "notifications/resources/updated" in client.do("notifications"), 5, "the update")
    client.do("unsubscribe_resource", uri="sdk://greeting")


def test_prompts_are_filled_and_arguments_completed(client) -> None:
    prompt = client.do("get_prompt", name="review", arguments={"code": "x"})
    assert prompt["messages"][0]["content"]["text"] == "Review: x"
    argument = {"name": "code", "value": "py"}
    completed = client.do("complete", ref={"type": "ref/prompt", "name": "review"}, argument=argument)
    assert completed["completion"]["values"] == ["python", "pytorch"]


def test_a_new_tool_is_told_of_and_works(client) -> None:
    before = {tool["name"] for tool in client.do("list_tools")["tools"]}
    client.do("call_tool", name="grow")
    eventually(lambda: "notifications/tools/list_changed" in client.do("notifications"), 5, "the change")
    eventually(lambda: len(client.do("list_tools")["tools"]) == len(before) + 1, 5, "the new tool")
    (added,) = {tool["name"] for tool in client.do("list_tools")["tools"]} - before
    assert text(client.do("call_tool", name=added)) == "added"


def test_a_ping_is_answered_and_an_unknown_prompt_is_an_error(client) -> None:
    client.do("send_ping")
    with pytest.raises(LegacySDKError):
        client.do("get_prompt", name="nobody")
