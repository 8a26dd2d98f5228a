"""The steered MCP server over Streamable HTTP: sessions in the legacy eras, headers in the modern one."""

import json
import queue
import secrets
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import tools
from asking import Counterpart
from behaviour import (
    LEGACY,
    META,
    MODERN,
    Behaviour,
    Call,
    RPCError,
    encode,
    failure,
    options,
    response,
)
from everything import Everything
from exchange import era_of, key, wants
from headers import header_error
from streams import END, RETRY_MS, Stream


class Session(Counterpart):
    """A handshake session: its event streams, the one of GET first, and its calls under way."""

    def __init__(self, resumable: bool) -> None:
        super().__init__()
        self.resumable = resumable
        self.streams: list[Stream] = []
        self.events = self.stream()
        self.reader = 0

    def stream(self) -> Stream:
        with self.lock:
            made = Stream(len(self.streams))
            self.streams.append(made)
        return made


class Notifier:
    """Puts what belongs to one call on that call's stream."""

    def __init__(self, events: Stream) -> None:
        self.events = events

    def raw(self, line: bytes) -> None:
        self.events.put(line)

    def message(self, message: dict) -> None:
        self.raw(encode(message))

    def __call__(self, method: str, params: dict) -> None:
        self.message({"jsonrpc": "2.0", "method": method, "params": params})

    def end_stream(self) -> None:
        """Ends the connection and not the call; the rest comes to a client that resumes the stream."""
        self.events.put(END)


class Site:
    """What all connections share."""

    def __init__(self, arguments) -> None:
        self.behaviour = Everything(arguments) if arguments.everything else Behaviour(arguments, tools)
        self.behaviour.announce = self.announce
        self.sessions: dict[str, Session] = {}
        self.listeners: dict[int, tuple[dict, object, Stream]] = {}
        port = arguments.port
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def announce(self, method: str, params: dict) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        for session in list(self.sessions.values()):
            if method == "notifications/tasks":
                continue
            if method != "notifications/resources/updated" or params["uri"] in session.subscribed:
                session.events.put(encode(message))
        for wanted, identifier, events in list(self.listeners.values()):
            if wants(wanted, method, params):
                tagged = params | {"_meta": {META + "subscriptionId": identifier}}
                events.put(encode(message | {"params": tagged}))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *arguments: object) -> None:
        pass

    # Verbs

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.site.behaviour.record.received(body, dict(self.headers.items()), "POST")
        if self.forbidden():
            return
        message = json.loads(body)
        if not isinstance(message, dict):
            return self.answer(400, failure(None, RPCError(-32600, "One message a request")))
        headed = (
            self.headers.get("MCP-Protocol-Version") == MODERN
            and self.site.behaviour.arguments.era != "legacy"
        )
        if message.get("method") == "server/discover" or era_of(message) == "modern" or headed:
            return self.modern(message)
        if message.get("method") == "initialize":
            return self.initialize(message)
        identifier = self.headers.get("Mcp-Session-Id")
        if identifier is None:
            return self.answer(400, failure(None, RPCError(-32000, "Bad Request: no session")))
        if identifier not in self.site.sessions:
            return self.answer(404, failure(None, RPCError(-32001, "Session not found")))
        self.serve(message, "legacy", self.site.sessions[identifier])

    def modern(self, message: dict) -> None:
        if self.site.behaviour.arguments.era == "legacy":
            return self.answer(400, failure(None, RPCError(-32000, "Bad Request: no session")))
        if (error := self.metadata_error(message)) is not None:
            return self.answer(400, failure(message.get("id"), error))
        self.serve(message, "modern", None)

    def initialize(self, message: dict) -> None:
        requested = message["params"].get("protocolVersion", "")
        if self.site.behaviour.arguments.era == "modern":
            data = {"supported": [MODERN], "requested": requested}
            return self.answer(
                400, failure(message["id"], RPCError(-32022, "Unsupported protocol version", data))
            )
        identifier = secrets.token_hex(16)
        version = requested if requested in LEGACY else self.site.behaviour.arguments.latest
        session = Session(self.site.behaviour.arguments.everything and version >= "2025-11-25")
        self.site.sessions[identifier] = session
        self.serve(message, "legacy", session, {"Mcp-Session-Id": identifier})

    def do_GET(self) -> None:
        self.site.behaviour.record.received(b"", dict(self.headers.items()), "GET")
        session = self.site.sessions.get(self.headers.get("Mcp-Session-Id", ""))
        last = self.headers.get("Last-Event-ID")
        if session is None or (self.site.behaviour.arguments.no_get and last is None):
            return self.answer(405, b"")
        if self.forbidden():
            return
        if last is not None and session.resumable:
            number, index = map(int, last.split("-"))
            self.begin_stream({})
            return self.pump(session.streams[number], None, session, index, resumed=True)
        self.begin_stream({})
        self.prime(session, session.events)
        self.pump(session.events, None, session, session.reader)

    def do_DELETE(self) -> None:
        self.site.behaviour.record.received(b"", dict(self.headers.items()), "DELETE")
        known = self.site.sessions.pop(self.headers.get("Mcp-Session-Id", ""), None)
        modern = self.site.behaviour.arguments.era == "modern"
        self.answer(200 if known else 405 if modern else 404, b"")

    # What is refused

    def forbidden(self) -> bool:
        """Refuses a Host or an Origin of somewhere else."""
        origin = self.headers.get("Origin")
        mine = self.headers.get("Host") in self.site.hosts
        if mine and (origin is None or origin.removeprefix("http://") in self.site.hosts):
            return False
        self.answer(403, failure(None, RPCError(-32000, "Forbidden: Host or Origin")))
        return True

    def metadata_error(self, message: dict) -> RPCError | None:
        meta = (message.get("params") or {}).get("_meta") or {}
        version = meta.get(META + "protocolVersion")
        if not isinstance(version, str) or not isinstance(meta.get(META + "clientCapabilities"), dict):
            return RPCError(-32602, "The required metadata is missing")
        if self.headers.get("MCP-Protocol-Version") == version != MODERN:
            data = {"supported": [MODERN], "requested": version}
            return RPCError(-32022, "Unsupported protocol version", data)
        catalogue = self.site.behaviour.tools.TOOLS
        return header_error(message, self.headers, catalogue, self.site.behaviour.record)

    # A request's life

    def serve(self, message: dict, era: str, session: Session | None, headers: dict | None = None) -> None:
        if "id" not in message:
            return self.notified(message, session)
        if message.get("method") is None:
            if session is not None:
                session.answered(message)
            return self.answer(202, b"")
        events = Stream(0) if session is None else session.stream()
        call = Call(message, era, Notifier(events), session)
        if message["method"] == "subscriptions/listen" and era == "modern":
            return self.listen(call, events)
        if session is not None:
            session.calls[key(message["id"])] = call
        threading.Thread(target=self.run, args=(call, session, events), daemon=True).start()
        self.deliver(call, events, session, headers or {})

    def run(self, call: Call, session: Session | None, events: Stream) -> None:
        identifier, method = call.message["id"], call.message["method"]
        status = 200
        try:
            raw = response(identifier, self.site.behaviour.answer(call))
            if session is not None and method in ("resources/subscribe", "resources/unsubscribe"):
                {
                    "resources/subscribe": session.subscribed.add,
                    "resources/unsubscribe": session.subscribed.discard,
                }[method](call.params["uri"])
            if call.params.get("name") == "forget-sessions":
                self.site.sessions.clear()
        except RPCError as error:
            raw = failure(identifier, error)
            if call.era == "modern":
                status = {-32601: 404, -32021: 400}.get(error.code, 200)
        if session is not None:
            session.calls.pop(key(identifier), None)
        events.put((status, raw))

    def deliver(self, call: Call, events: Stream, session: Session | None, headers: dict) -> None:
        """Answers as JSON if the response comes first, and as an event stream if a notification does."""
        first = self.next_event(events, 0, call)
        if first is None:
            return
        if isinstance(first, tuple) and not self.site.behaviour.arguments.sse:
            return self.answer(first[0], first[1], headers)
        self.begin_stream(headers)
        self.prime(session, events)
        self.pump(events, call, session, 0)

    def listen(self, call: Call, events: Stream) -> None:
        identifier, wanted = call.message["id"], call.params.get("notifications") or {}
        meta = {META + "subscriptionId": identifier}
        call.notify("notifications/subscriptions/acknowledged", {"notifications": wanted, "_meta": meta})
        self.site.listeners[id(events)] = (wanted, identifier, events)
        self.begin_stream({"X-Accel-Buffering": "no"})
        self.pump(events, call, None, 0)
        del self.site.listeners[id(events)]

    def notified(self, message: dict, session: Session | None) -> None:
        if message["method"] == "notifications/cancelled" and session is not None:
            call = session.calls.get(key((message.get("params") or {}).get("requestId")))
            if call is not None:
                call.cancelled.set()
        self.answer(202, b"")

    # Bytes

    def next_event(self, events: Stream, index: int, call: Call | None):
        """The event of this index, or nothing if the client has gone."""
        while True:
            try:
                return events.get(index, 0.05)
            except queue.Empty:
                if self.client_gone():
                    return self.hung_up(call)

    def hung_up(self, call: Call | None) -> None:
        """In the modern era a client that hangs up has cancelled."""
        if call is not None:
            self.site.behaviour.record.event("disconnected", id=call.message["id"])
            if call.era == "modern":
                call.cancelled.set()
        self.close_connection = True

    def client_gone(self) -> bool:
        if not select.select([self.connection], [], [], 0)[0]:
            return False
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def prime(self, session: Session | None, events: Stream) -> None:
        if session is not None and session.resumable:
            self.chunk(b"id: %s\nretry: %d\ndata: \n\n" % (events.identifier(0).encode(), RETRY_MS))

    def pump(
        self,
        events: Stream,
        call: Call | None,
        session: Session | None,
        index: int,
        resumed: bool = False,
    ) -> None:
        past = len(events.events) if resumed else 0
        try:
            while (event := self.next_event(events, index, call)) is not None:
                index += 1
                if events is getattr(session, "events", None):
                    session.reader = index
                last = isinstance(event, tuple)
                if event is not END:
                    name = b""
                    if session is not None and session.resumable:
                        name = b"id: %s\n" % events.identifier(index).encode()
                    self.chunk(name + b"event: message\ndata: " + (event[1] if last else event) + b"\n\n")
                if last or (event is END and index > past):
                    return self.chunk(b"")
        except OSError:
            self.hung_up(call)

    def begin_stream(self, headers: dict) -> None:
        self.send_response(200)
        for name, value in (headers | {"Content-Type": "text/event-stream"}).items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def answer(self, status: int, body: bytes, headers: dict | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if body:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    parser = options()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--sse", action="store_true", help="answer every request with an event stream")
    parser.add_argument("--no-get", action="store_true", help="no event stream for a session")
    arguments = parser.parse_args()
    Handler.site = Site(arguments)
    Listener(("127.0.0.1", arguments.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
