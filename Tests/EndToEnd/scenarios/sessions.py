"""The handshake, its sessions and their streams, and who may speak to the server at all."""

import json
import threading

from harness.wire import LegacyClient

from . import Place, scenario

LEGACY = ("legacy",)


@scenario("server-initialize", "lifecycle", clients=LEGACY)
def initialize(place: Place, era: str) -> None:
    for version in ("2025-03-26", "2025-06-18", "2025-11-25"):
        client = place.client(era, version=version)
        assert client.initialization["protocolVersion"] == version
        assert client.initialization["serverInfo"]["name"] and client.initialization["serverInfo"]["version"]
        assert {"tools", "prompts", "resources", "logging", "completions"} <= set(
            client.initialization["capabilities"]
        )
        assert client.initialization["capabilities"]["resources"]["subscribe"] is True


@scenario("ping", "lifecycle", clients=LEGACY)
def ping(place: Place, era: str) -> None:
    assert place.client(era).do("ping").result == {}


@scenario("server-session-lifecycle", "lifecycle", clients=LEGACY)
def session_lifecycle(place: Place, era: str) -> None:
    """A session is needed, ends with DELETE, and is not found afterwards."""
    client, other = place.client(era), place.client(era)
    assert client.session != other.session
    assert all(0x21 <= ord(letter) <= 0x7E for letter in client.session)
    assert LegacyClient(place.port, place.path).request("tools/list").status == 400
    assert client.delete().status in (200, 204)
    assert client.post(client.body("ping")).status == 404
    assert other.do("ping").result == {}


def hosted(place: Place, era: str, host: str, origin: str | None) -> int:
    """The status of a first request that says these are its Host and its Origin."""
    client = place.client(era) if era == "modern" else LegacyClient(place.port, place.path, timeout=10)
    if era == "modern":
        body = client.body("tools/list")
        headers = client.headers_for(body)
    else:
        info = {"name": "x", "version": "1"}
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info}
        body, headers = client.body("initialize", params), client.headers()
    headers = headers | {"Host": host} | ({"Origin": origin} if origin else {})
    return client.send("POST", json.dumps(body).encode(), headers).status


@scenario("dns-rebinding-protection", "security")
def dns_rebinding(place: Place, era: str) -> None:
    evil = f"evil.example.com:{place.port}"
    assert hosted(place, era, evil, f"http://{evil}") in (403, 421)
    assert hosted(place, era, f"127.0.0.1:{place.port}", "http://evil.example.com") == 403
    assert hosted(place, era, evil, None) in (403, 421)
    for name in ("127.0.0.1", "localhost"):
        assert hosted(place, era, f"{name}:{place.port}", f"http://{name}:{place.port}") == 200
        assert hosted(place, era, f"{name}:{place.port}", None) == 200


@scenario("server-sse-polling", "streams", clients=LEGACY, servers=LEGACY, stdio=False)
def polling(place: Place, era: str) -> None:
    """A server that ends its stream in mid-call owes the answer to the client that resumes it."""
    client = place.client(era)
    params = {"name": place.named("test_reconnection"), "arguments": {}}
    messages, last, retry = [], None, None
    with client.begin("tools/call", params, 77) as stream:
        assert stream.is_event_stream or not place.direct
        if not stream.is_event_stream:
            messages = [json.loads(stream.answer.read())]
        for event in stream.events() if stream.is_event_stream else ():
            last, retry = event.identifier or last, event.retry or retry
            messages += [event.message()] if event.data else []
    if not messages:
        assert last is not None and retry is not None
        with client.listen(Last_Event_ID=last) as stream:
            messages = [event.message() for event in stream.events() if event.data]
    assert messages[-1]["id"] == 77
    assert messages[-1]["result"]["content"][0]["text"] == "after the reconnection"


@scenario("resumed-stream", "streams", clients=LEGACY)
def resumed(place: Place, era: str) -> None:
    """A client that lost its connection in mid-call asks for the rest, and gets what it missed once."""
    client = place.client(era)
    params = {"name": place.named("test_tool_with_progress"), "arguments": {}, "_meta": {"progressToken": 1}}
    with client.begin("tools/call", params, 78) as stream:
        assert stream.is_event_stream
        for event in stream.events():
            if event.data:
                break
    assert event.identifier is not None and event.message()["params"]["progress"] == 0
    with client.listen(Last_Event_ID=event.identifier) as stream:
        assert stream.status == 200
        messages = []
        for event in stream.events():
            messages += [event.message()] if event.data else []
            if messages and "result" in messages[-1]:
                break
    assert [item["params"]["progress"] for item in messages[:-1]] == [50, 100]
    assert messages[-1]["id"] == 78 and "result" in messages[-1]


@scenario("a-lost-connection-does-not-cancel", "streams", clients=LEGACY)
def lost_connection(place: Place, era: str) -> None:
    client = place.client(era)
    before = len(place.record.events("gave up"))
    params = {"name": place.named("test_tool_with_progress"), "arguments": {}, "_meta": {"progressToken": 1}}
    with client.begin("tools/call", params) as stream:
        next(stream.events())
    assert client.tool(place.named("test_simple_text")).text
    assert len(place.record.events("gave up")) == before


@scenario("answers-find-their-request", "lifecycle")
def own_answers(place: Place, era: str) -> None:
    """Clients that use the same ids at the same time get their own answers."""
    found = {}

    def ask(number: int) -> None:
        client = place.client(era)
        params = {"name": "test_prompt_with_arguments", "arguments": {"arg1": f"c{number}", "arg2": "x"}}
        exchange = client.do("prompts/get", params | {"name": place.named(params["name"])}, identifier=1)
        found[number] = exchange.result["messages"][0]["content"]["text"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(f"c{number}" in text for number, text in found.items()) and len(found) == 6
