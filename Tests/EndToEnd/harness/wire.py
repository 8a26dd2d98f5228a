"""HTTP clients that show a test the bytes: one for the handshake revisions, one for the modern revision."""

import contextlib
import http.client
import itertools
import json
import socket
from collections.abc import Iterator

from . import schemas
from .places import LEGACY_VERSIONS, MODERN_VERSION

META = "io.modelcontextprotocol/"
BOTH_TYPES = "application/json, text/event-stream"


class Event:
    """One server-sent event."""

    def __init__(self) -> None:
        self.name, self.identifier, self.data, self.retry = "message", None, b"", None

    def message(self) -> dict:
        return json.loads(self.data)


class Stream:
    """An answer that is read as it comes."""

    def __init__(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
        self.connection, self.answer = connection, answer
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}

    @property
    def is_event_stream(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")

    def events(self) -> Iterator[Event]:
        """The events until the stream ends; comments are passed over."""
        event, lines = Event(), []
        while line := self.answer.readline():
            line = line.rstrip(b"\r\n")
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if not line:
                if lines or event.identifier is not None:
                    event.data = b"\n".join(lines)
                    yield event
                event, lines = Event(), []
            elif name == b"data":
                lines.append(value)
            elif name == b"event":
                event.name = value.decode()
            elif name == b"id":
                event.identifier = value.decode()
            elif name == b"retry":
                event.retry = int(value)

    def close(self) -> None:
        """Hangs up, whatever is still to come."""
        if self.connection.sock is not None:
            # Closing alone would wait for a thread that reads, until the gateway's next comment.
            with contextlib.suppress(OSError):
                self.connection.sock.shutdown(socket.SHUT_RDWR)
            self.connection.sock.close()
        self.answer.close()
        self.connection.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Answer:
    """A whole answer: its status, its headers and the messages in it."""

    def __init__(self, stream: Stream) -> None:
        self.status, self.headers = stream.status, stream.headers
        if stream.is_event_stream:
            self.events = [event for event in stream.events() if event.data]
            self.bodies = [event.data for event in self.events]
        else:
            body = stream.answer.read()
            self.bodies = [body] if body else []
        self.body = self.bodies[-1] if self.bodies else b""
        kind = self.headers.get("content-type", "")
        is_json = stream.is_event_stream or kind.startswith("application/json")
        self.messages = [json.loads(body) for body in self.bodies] if is_json else []

    @property
    def message(self) -> dict:
        assert self.messages, f"HTTP {self.status} without a message: {self.body!r}"
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
    def notifications(self) -> list[dict]:
        return [message for message in self.messages if "method" in message]

    @property
    def raw_result(self) -> bytes:
        """The bytes of the result member of the last message, which has to be its last member."""
        _, _, rest = self.body.partition(b'"result":')
        return rest.strip().removesuffix(b"}").strip()


class Wire:
    """Sends requests to one path of the gateway, each on a connection of its own."""

    def __init__(self, port: int, path: str = "/mcp", timeout: float = 30) -> None:
        self.port, self.path, self.timeout = port, path, timeout
        self.identifiers = itertools.count(1)

    def open(
        self, verb: str, body: bytes | None = None, headers: dict | None = None, path: str | None = None
    ) -> Stream:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        connection.request(verb, path or self.path, body, headers or {})
        return Stream(connection, connection.getresponse())

    def send(self, verb: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
        with self.open(verb, body, headers) as stream:
            return Answer(stream)

    def post(self, body: bytes | dict | list, **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(
            "POST", raw, self.headers() | {name.replace("_", "-"): text for name, text in headers.items()}
        )

    def headers(self) -> dict:
        return {"Content-Type": "application/json", "Accept": BOTH_TYPES}


class LegacyClient(Wire):
    """A client of a handshake revision; every message it gets is judged by the schema of its revision."""

    def __init__(
        self, port: int, path: str = "/mcp", version: str = LEGACY_VERSIONS[-1], timeout: float = 30
    ) -> None:
        super().__init__(port, path, timeout)
        self.version, self.session = version, None
        self.initialization: dict = {}

    def headers(self) -> dict:
        headers = super().headers()
        if self.session is not None:
            headers["Mcp-Session-Id"] = self.session
            if self.version >= "2025-06-18":
                headers["MCP-Protocol-Version"] = self.version
        return headers

    def initialize(self, capabilities: dict | None = None) -> "LegacyClient":
        answer = self.request(
            "initialize",
            {
                "protocolVersion": self.version,
                "capabilities": capabilities or {},
                "clientInfo": {"name": "end-to-end", "version": "1"},
            },
        )
        assert answer.status == 200, (answer.status, answer.body)
        self.initialization = answer.result
        self.session = answer.headers.get("mcp-session-id")
        self.version = self.initialization["protocolVersion"]
        assert self.notify("notifications/initialized").status == 202
        return self

    def request(
        self, method: str, params: dict | None = None, identifier: object = None, **headers: str
    ) -> Answer:
        answer = self.post(self.body(method, params, identifier), **headers)
        for message in answer.messages:
            schemas.check_message(self.version, message, method)
        return answer

    def body(self, method: str, params: dict | None = None, identifier: object = None) -> dict:
        identifier = next(self.identifiers) if identifier is None else identifier
        message = {"jsonrpc": "2.0", "id": identifier, "method": method}
        return message if params is None else message | {"params": params}

    def call(
        self, name: str, arguments: dict | None = None, meta: dict | None = None, **more: object
    ) -> Answer:
        params = {"name": name, "arguments": arguments or {}} | ({"_meta": meta} if meta else {})
        return self.request("tools/call", params, **more)

    def begin(self, method: str, params: dict, identifier: object = None) -> Stream:
        """Sends a request and gives its answer as a stream, whatever its form."""
        body = json.dumps(self.body(method, params, identifier)).encode()
        return self.open("POST", body, self.headers())

    def notify(self, method: str, params: dict | None = None) -> Answer:
        message = {"jsonrpc": "2.0", "method": method}
        return self.post(message if params is None else message | {"params": params})

    def listen(self, **headers: str) -> Stream:
        more = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.open("GET", None, self.headers() | {"Accept": "text/event-stream"} | more)

    def delete(self) -> Answer:
        return self.send("DELETE", None, self.headers())


class ModernClient(Wire):
    """A client of 2026-07-28; every message it gets is judged by that revision's schema."""

    NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
    version = MODERN_VERSION

    def initialize(self) -> "ModernClient":
        """Does nothing: the revision has no sessions. A test may treat the clients of both eras alike."""
        return self

    def meta(self, more: dict | None = None) -> dict:
        return {
            META + "protocolVersion": self.version,
            META + "clientCapabilities": {},
            META + "clientInfo": {"name": "end-to-end", "version": "1"},
        } | (more or {})

    def body(self, method: str, params: dict | None = None, identifier: object = None) -> dict:
        params = dict(params or {})
        params["_meta"] = self.meta(params.get("_meta"))
        identifier = next(self.identifiers) if identifier is None else identifier
        return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": params}

    def headers_for(self, body: dict) -> dict:
        headers = self.headers() | {"MCP-Protocol-Version": self.version, "Mcp-Method": body["method"]}
        if (key := self.NAMED.get(body["method"])) in body["params"]:
            headers["Mcp-Name"] = body["params"][key]
        return headers

    def request(
        self, method: str, params: dict | None = None, identifier: object = None, **headers: str
    ) -> Answer:
        body = self.body(method, params, identifier)
        more = {name.replace("_", "-"): text for name, text in headers.items()}
        answer = self.send("POST", json.dumps(body).encode(), self.headers_for(body) | more)
        for message in answer.messages:
            schemas.check_message(self.version, message, method)
        return answer

    def call(
        self, name: str, arguments: dict | None = None, meta: dict | None = None, **more: object
    ) -> Answer:
        params = {"name": name, "arguments": arguments or {}} | ({"_meta": meta} if meta else {})
        return self.request("tools/call", params, **more)

    def begin(self, method: str, params: dict, identifier: object = None) -> Stream:
        body = self.body(method, params, identifier)
        return self.open("POST", json.dumps(body).encode(), self.headers_for(body))


CLIENTS = {"legacy": LegacyClient, "modern": ModernClient}
