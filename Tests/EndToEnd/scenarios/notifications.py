"""Progress, logging, changes of lists and resources, and the streams they come on."""

import threading
from collections.abc import Callable, Iterator

from harness import schemas
from harness.wire import META, Stream

from . import Place, scenario

LEVEL = META + "logLevel"


class Heard:
    """What comes on a client's stream of changes, in either era."""

    def __init__(self, client, **wanted: object) -> None:
        self.client, self.wanted = client, wanted
        self.agreed: dict = {}

    def __enter__(self) -> "Heard":
        if self.client.era == "legacy":
            for uri in self.wanted.get("resourceSubscriptions", []):
                assert self.client.do("resources/subscribe", {"uri": uri}).result == {}
            self.stream: Stream = self.client.listen()
            assert self.stream.status == 200, self.stream.answer.read()
            self.messages = self.judged()
            return self
        self.stream = self.client.begin("subscriptions/listen", {"notifications": self.wanted}, "listening")
        assert self.stream.status == 200 and self.stream.is_event_stream, self.stream.answer.read()
        self.messages = self.judged()
        first = next(self.messages)
        assert first["method"] == "notifications/subscriptions/acknowledged"
        self.agreed = first["params"]["notifications"]
        return self

    def judged(self) -> Iterator[dict]:
        for event in self.stream.events():
            if not event.data:
                continue
            message = event.message()
            schemas.check_message(self.client.version, message)
            if self.client.era == "modern":
                assert message["params"]["_meta"][META + "subscriptionId"] == "listening", message
            yield message

    def until(self, method: str, others: Callable[[dict], bool] = lambda message: True) -> dict:
        """The next message of a method; each before it has to pass `others`."""
        for message in self.messages:
            if message["method"] == method:
                return message.get("params") or {}
            assert others(message), message
        raise AssertionError(f"the stream ended before {method}")

    def relisted(self, kind: str, before: set[str]) -> set[str]:
        """A list after a change, asked for again whenever the stream says that it changed."""
        while True:
            self.until(f"notifications/{kind}/list_changed", lambda message: self.client.era == "legacy")
            if (now := names(self.client, kind)) != before:
                return now

    def __exit__(self, *_: object) -> None:
        self.stream.close()


@scenario("tools-call-with-progress", "progress")
def progress(place: Place, era: str) -> None:
    for token in ("a token", 17):
        exchange = place.client(era).tool(
            place.named("test_tool_with_progress"), meta={"progressToken": token}
        )
        notes = exchange.notes("notifications/progress")
        assert [(note["progress"], note["total"], note["progressToken"]) for note in notes] == [
            (0, 100, token),
            (50, 100, token),
            (100, 100, token),
        ]
        assert type(notes[0]["progressToken"]) is type(token) and "result" in exchange.message


@scenario("no-progress-without-a-token", "progress")
def no_progress(place: Place, era: str) -> None:
    exchange = place.client(era).tool(place.named("test_tool_with_progress"))
    assert exchange.notes("notifications/progress") == []


@scenario("logging-set-level", "logging", clients=("legacy",))
def set_level(place: Place, era: str) -> None:
    client = place.client(era)
    for level in ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"):
        assert client.do("logging/setLevel", {"level": level}).result == {}


def levels(exchange) -> list[str]:
    return [note["level"] for note in exchange.notes("notifications/message")]


@scenario("tools-call-with-logging", "logging")
def logging(place: Place, era: str) -> None:
    """Log messages of a call come on its stream, from the level that was asked for."""
    client, name = place.client(era), place.named("test_tool_with_logging")
    if era == "legacy":
        client.do("logging/setLevel", {"level": "debug"})
        assert levels(client.tool(name)) == ["debug", "info", "info", "warning"]
        client.do("logging/setLevel", {"level": "warning"})
        assert levels(client.tool(name)) == ["warning"]
        return
    assert levels(client.tool(name, meta={LEVEL: "debug"})) == ["debug", "info", "info", "warning"]
    assert levels(client.tool(name, meta={LEVEL: "warning"})) == ["warning"]


@scenario("no-log-without-a-level", "logging", clients=("modern",))
def no_log(place: Place, era: str) -> None:
    assert levels(place.client(era).tool(place.named("test_tool_with_logging"))) == []


@scenario("levels-are-per-client", "logging", clients=("legacy",))
def levels_per_client(place: Place, era: str) -> None:
    loud, quiet = place.client(era), place.client(era)
    loud.do("logging/setLevel", {"level": "debug"})
    quiet.do("logging/setLevel", {"level": "emergency"})
    name = place.named("test_tool_with_logging")
    assert len(levels(loud.tool(name))) == 4 and levels(quiet.tool(name)) == []


@scenario("server-sse-multiple-streams", "streams")
def multiple_streams(place: Place, era: str) -> None:
    """Calls under way at the same time each have a stream of their own with their own messages."""
    client, found = place.client(era), {}

    def ask(number: int) -> None:
        params = {"name": place.named("test_tool_with_progress"), "_meta": {"progressToken": number}}
        found[number] = client.do("tools/call", params | {"arguments": {}}, identifier=1000 + number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    for number, exchange in found.items():
        assert exchange.message["id"] == 1000 + number
        tokens = [note["progressToken"] for note in exchange.notes("notifications/progress")]
        assert tokens == [number] * 3


def names(client, kind: str) -> set[str]:
    return {item["name"] for item in client.do(f"{kind}/list").result[kind]}


CHANGES = {"tools": "tool", "prompts": "prompt", "resources": "resource"}


@scenario("list-changed", "changes")
def list_changed(place: Place, era: str) -> None:
    client = place.client(era)
    for kind, word in CHANGES.items():
        client.do(f"{kind}/list")
        with Heard(client, **{f"{kind}ListChanged": True}) as heard:
            before = names(client, kind)
            client.tool(place.named(f"test_trigger_{word}_change"))
            assert len(heard.relisted(kind, before)) == len(before) + 1


@scenario("resources-subscribe", "subscriptions", clients=("legacy",))
def subscribe(place: Place, era: str) -> None:
    client = place.client(era)
    assert client.do("resources/subscribe", {"uri": "test://watched-resource"}).result == {}


@scenario("resources-unsubscribe", "subscriptions", clients=("legacy",))
def unsubscribe(place: Place, era: str) -> None:
    client = place.client(era)
    assert client.do("resources/subscribe", {"uri": "test://watched-resource"}).result == {}
    assert client.do("resources/unsubscribe", {"uri": "test://watched-resource"}).result == {}


@scenario("resource-updates-arrive", "subscriptions")
def updates(place: Place, era: str) -> None:
    client, uri = place.client(era), "test://watched-resource"
    with Heard(client, resourceSubscriptions=[uri]) as heard:
        if era == "modern":
            assert heard.agreed == {"resourceSubscriptions": [uri]}
        client.tool(place.named("test_trigger_resource_update"))
        assert heard.until("notifications/resources/updated", listed)["uri"] == uri


def listed(message: dict) -> bool:
    """A change of a list may come at any time in the handshake revisions."""
    return message["method"].endswith("/list_changed")


@scenario("one-subscription-is-shared", "subscriptions")
def shared(place: Place, era: str) -> None:
    """Two clients watch a resource; when one leaves, the other goes on hearing of it."""
    uri = "test://watched-resource"
    first, second = place.client(era), place.client(era)
    with Heard(first, resourceSubscriptions=[uri]) as one:
        with Heard(second, resourceSubscriptions=[uri]) as other:
            first.tool(place.named("test_trigger_resource_update"))
            one.until("notifications/resources/updated", listed)
            if place.server == "modern" or not place.stdio:
                other.until("notifications/resources/updated", listed)
        if era == "legacy":
            second.do("resources/unsubscribe", {"uri": uri})
        first.tool(place.named("test_trigger_resource_update"))
        one.until(
            "notifications/resources/updated", lambda message: listed(message) or "uri" in message["params"]
        )


@scenario("what-was-not-subscribed-does-not-come", "subscriptions")
def not_subscribed(place: Place, era: str) -> None:
    client = place.client(era)
    wanted = {"promptsListChanged": True} if era == "modern" else {}
    with Heard(client, **wanted) as heard:
        client.tool(place.named("test_trigger_resource_update"))
        client.tool(place.named("test_trigger_prompt_change"))
        heard.until("notifications/prompts/list_changed", listed)


@scenario("cancellation", "cancellation")
def cancellation(place: Place, era: str) -> None:
    """A cancelled call is given up by the server: by hanging up in the modern era, by a message before."""
    from harness.places import eventually

    client = place.client(era)
    client.tool(place.named("test_simple_text"))
    before, begun = len(place.record.events("gave up")), len(place.record.messages("tools/call"))
    params = {"name": place.named("test_slow"), "arguments": {"seconds": 20}}

    def ask() -> None:
        try:
            with client.begin("tools/call", params, "to cancel") as stream:
                list(stream.events())
        except Exception:  # noqa: BLE001, S110 - a closed connection is what a cancelled call may get
            pass

    if era == "legacy":
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
    else:
        connection = hanging(client, params)
    eventually(lambda: len(place.record.messages("tools/call")) > begun, 5, "the call")
    if era == "legacy":
        client.notify("notifications/cancelled", {"requestId": "to cancel", "reason": "test"})
    else:
        connection.close()
    eventually(lambda: len(place.record.events("gave up")) > before, 5, "the server giving up")


def hanging(client, params: dict):
    """A request whose answer nobody reads."""
    import http.client
    import json

    body = client.body("tools/call", params)
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=10)
    connection.request("POST", client.path, json.dumps(body).encode(), client.headers_for(body))
    return connection
