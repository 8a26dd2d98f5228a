"""Clients of both eras that answer what a server asks of them, and so can be used alike."""

import json
from collections.abc import Callable, Iterator

from . import schemas
from .wire import META, Answer, LegacyClient, ModernClient, Stream

EVERYTHING = {"sampling": {}, "elicitation": {}, "roots": {}}
ROUNDS = 8


class Refusal(Exception):
    """A client's error for a request of the server."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def sampled(params: dict) -> dict:
    asked = params["messages"][0]["content"]["text"]
    content = {"type": "text", "text": f"answer to {asked}"}
    return {"role": "assistant", "content": content, "model": "test-model", "stopReason": "endTurn"}


def filled(params: dict) -> dict:
    """Accepts a form with a value for each of its members, and a page without one."""
    if "requestedSchema" not in params:
        return {"action": "accept"}
    return {
        "action": "accept",
        "content": {name: value(kind) for name, kind in params["requestedSchema"]["properties"].items()},
    }


def value(kind: dict) -> object:
    if "default" in kind:
        return kind["default"]
    if kind["type"] == "array":
        return [value(kind["items"] | {"type": "string"})]
    options = kind.get("enum") or [item["const"] for item in kind.get("oneOf", kind.get("anyOf", []))]
    if options:
        return options[0]
    return {"string": "Alice", "boolean": True, "integer": 7, "number": 7}[kind["type"]]


ANSWERS: dict[str, Callable[[dict], dict]] = {
    "sampling/createMessage": sampled,
    "elicitation/create": filled,
    "roots/list": lambda params: {"roots": [{"uri": "file:///home/user/project", "name": "project"}]},
    "ping": lambda params: {},
}


class Exchange:
    """What came of a request: its messages, what the server asked meanwhile, and the rounds it took."""

    def __init__(self) -> None:
        self.status, self.headers = 0, {}
        self.messages: list[dict] = []
        self.asked: list[tuple[str, dict]] = []
        self.rounds: list[dict] = []

    @property
    def message(self) -> dict:
        assert self.messages, f"HTTP {self.status} without a message"
        return self.messages[-1]

    @property
    def result(self) -> dict:
        assert "result" in self.message, f"HTTP {self.status}, no result: {self.message}"
        return self.message["result"]

    @property
    def error(self) -> dict:
        assert "error" in self.message, f"HTTP {self.status}, no error: {self.message}"
        return self.message["error"]

    @property
    def text(self) -> str:
        return self.result["content"][0]["text"]

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]

    def notes(self, method: str) -> list[dict]:
        return [item["params"] for item in self.messages if item.get("method") == method]


class LegacyPeer(LegacyClient):
    """A client of a handshake revision that answers requests on its streams."""

    era = "legacy"

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.answers = dict(ANSWERS)

    def do(self, method: str, params: dict | None = None, identifier: object = None) -> Exchange:
        body = self.body(method, params, identifier)
        schemas.check_message(self.version, body)
        exchange = Exchange()
        with self.open("POST", json.dumps(body).encode(), self.headers()) as stream:
            exchange.status, exchange.headers = stream.status, stream.headers
            for message in messages(stream):
                schemas.check_message(self.version, message, method)
                if "method" in message and "id" in message:
                    exchange.asked.append((message["method"], message.get("params") or {}))
                    self.reply(message)
                    continue
                exchange.messages.append(message)
        return exchange

    def reply(self, message: dict) -> None:
        """Answers a request of the server."""
        answer = {"jsonrpc": "2.0", "id": message["id"]}
        try:
            result = self.answers[message["method"]](message.get("params") or {})
            schemas.check_answer(self.version, message["method"], result)
            answer["result"] = result
        except Refusal as refusal:
            answer["error"] = {"code": refusal.code, "message": refusal.message}
        accepted = self.post(answer)
        assert accepted.status == 202, f"an answer got HTTP {accepted.status}: {accepted.body!r}"

    def tool(self, name: str, arguments: dict | None = None, meta: dict | None = None, **more) -> Exchange:
        params = {"name": name, "arguments": arguments or {}} | ({"_meta": meta} if meta else {})
        return self.do("tools/call", params | more)


class ModernPeer(ModernClient):
    """A client of 2026-07-28 that answers `input_required` and asks again."""

    era = "modern"
    NAMED = ModernClient.NAMED | {"tasks/get": "taskId", "tasks/update": "taskId", "tasks/cancel": "taskId"}

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.answers = dict(ANSWERS)
        self.capabilities: dict = {}

    def initialize(self, capabilities: dict | None = None) -> "ModernPeer":
        self.capabilities = capabilities or {}
        return self

    def meta(self, more: dict | None = None) -> dict:
        return super().meta({META + "clientCapabilities": self.capabilities} | (more or {}))

    def once(
        self, method: str, params: dict | None = None, identifier: object = None, headers: dict | None = None
    ) -> Exchange:
        """Sends a request and takes its result, whatever its type."""
        body = self.body(method, params, identifier)
        schemas.check_message(self.version, body)
        exchange = Exchange()
        with self.open("POST", json.dumps(body).encode(), self.headers_for(body) | (headers or {})) as stream:
            exchange.status, exchange.headers = stream.status, stream.headers
            for message in messages(stream):
                schemas.check_message(self.version, message, method)
                assert not ("method" in message and "id" in message), f"a request on a stream: {message}"
                exchange.messages.append(message)
        return exchange

    def do(self, method: str, params: dict | None = None, identifier: object = None) -> Exchange:
        """Sends a request and answers what is asked until it is complete."""
        params, whole = dict(params or {}), Exchange()
        for _ in range(ROUNDS):
            exchange = self.once(method, params, identifier)
            identifier = None
            whole.status, whole.headers = exchange.status, exchange.headers
            whole.messages += exchange.messages
            result = exchange.message.get("result")
            if result is None or result.get("resultType") != "input_required":
                return whole
            whole.rounds.append(result)
            params["inputResponses"] = self.responses(whole, result.get("inputRequests") or {})
            params.pop("requestState", None)
            if "requestState" in result:
                params["requestState"] = result["requestState"]
        raise AssertionError(f"{ROUNDS} rounds and no answer: {whole.rounds[-1]}")

    def responses(self, whole: Exchange, requests: dict) -> dict:
        found = {}
        for name, request in requests.items():
            whole.asked.append((request["method"], request.get("params") or {}))
            found[name] = self.answers[request["method"]](request.get("params") or {})
            schemas.check_answer(self.version, request["method"], found[name])
        return found

    def tool(self, name: str, arguments: dict | None = None, meta: dict | None = None, **more) -> Exchange:
        params = {"name": name, "arguments": arguments or {}} | ({"_meta": meta} if meta else {})
        return self.do("tools/call", params | more)


def messages(stream: Stream) -> Iterator[dict]:
    """The messages of an answer as they come."""
    if stream.is_event_stream:
        yield from (event.message() for event in stream.events() if event.data)
    else:
        yield from Answer(stream).messages


PEERS = {"legacy": LegacyPeer, "modern": ModernPeer}
