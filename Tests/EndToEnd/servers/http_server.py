"""The steered MCP server over Streamable HTTP: sessions in the legacy eras, headers in the modern one."""

import base64
import json
import queue
import secrets
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import tools
from behaviour import META, MODERN, Behaviour, Call, RPCError, encode, failure, options, response
from exchange import era_of, key, wants

NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


class Session:
    """A handshake session: its event stream (GET) and its calls under way."""

    def __init__(self) -> None:
        self.events: queue.Queue = queue.Queue()
        self.calls: dict[str, Call] = {}
        self.subscribed: set[str] = set()


class Notifier:
    """Puts what belongs to one call on that call's stream."""

    def __init__(self, events: queue.Queue) -> None:
        self.events = events

    def raw(self, line: bytes) -> None:
        self.events.put(line)

    def message(self, message: dict) -> None:
        self.raw(encode(message))

    def __call__(self, method: str, params: dict) -> None:
        self.message({"jsonrpc": "2.0", "method": method, "params": params})


class Site:
    """What all connections share."""

    def __init__(self, arguments) -> None:
        self.behaviour = Behaviour(arguments, tools)
        self.behaviour.announce = self.announce
        self.sessions: dict[str, Session] = {}
        self.listeners: dict[int, tuple[dict, object, queue.Queue]] = {}

    def announce(self, method: str, params: dict) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        for session in list(self.sessions.values()):
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
        record = self.site.behaviour.record
        record.received(body, dict(self.headers.items()), "POST")
        message = json.loads(body)
        if not isinstance(message, dict):
            return self.answer(400, failure(None, RPCError(-32600, "One message a request")))
        modern = era_of(message) == "modern"
        if message.get("method") == "server/discover" or modern:
            if self.site.behaviour.arguments.era == "legacy":
                return self.answer(400, failure(None, RPCError(-32000, "Bad Request: no session")))
            if (error := self.header_error(message)) is not None:
                return self.answer(400, failure(message.get("id"), error))
            return self.serve(message, "modern", None)
        if message.get("method") == "initialize":
            if self.site.behaviour.arguments.era == "modern":
                error = RPCError(
                    -32022,
                    "Unsupported protocol version",
                    {"supported": [MODERN], "requested": message["params"]["protocolVersion"]},
                )
                return self.answer(400, failure(message["id"], error))
            identifier = secrets.token_hex(16)
            self.site.sessions[identifier] = Session()
            return self.serve(message, "legacy", identifier, {"Mcp-Session-Id": identifier})
        identifier = self.headers.get("Mcp-Session-Id")
        if identifier is None:
            return self.answer(400, failure(None, RPCError(-32000, "Bad Request: no session")))
        if identifier not in self.site.sessions:
            return self.answer(404, failure(None, RPCError(-32001, "Session not found")))
        return self.serve(message, "legacy", identifier)

    def do_GET(self) -> None:
        self.site.behaviour.record.received(b"", dict(self.headers.items()), "GET")
        session = self.site.sessions.get(self.headers.get("Mcp-Session-Id", ""))
        if session is None or self.site.behaviour.arguments.no_get:
            return self.answer(405, b"")
        self.begin_stream({})
        self.pump(session.events, None, None)

    def do_DELETE(self) -> None:
        self.site.behaviour.record.received(b"", dict(self.headers.items()), "DELETE")
        known = self.site.sessions.pop(self.headers.get("Mcp-Session-Id", ""), None)
        self.answer(200 if known else 404, b"")

    # A request's life

    def serve(self, message: dict, era: str, identifier: str | None, headers: dict | None = None) -> None:
        session = self.site.sessions.get(identifier or "")
        if "id" not in message:
            return self.notified(message, session)
        if message.get("method") is None:
            return self.answer(202, b"")
        events: queue.Queue = queue.Queue()
        call = Call(message, era, Notifier(events))
        if message["method"] == "subscriptions/listen" and era == "modern":
            return self.listen(call, events)
        if session is not None:
            session.calls[key(message["id"])] = call
        threading.Thread(target=self.run, args=(call, session, events), daemon=True).start()
        self.deliver(call, events, headers or {})

    def run(self, call: Call, session: Session | None, events: queue.Queue) -> None:
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
            status = 404 if error.code == -32601 and call.era == "modern" else 200
        if session is not None:
            session.calls.pop(key(identifier), None)
        events.put((status, raw))

    def deliver(self, call: Call, events: queue.Queue, headers: dict) -> None:
        """Answers as JSON if the response comes first, and as an event stream if a notification does."""
        first = self.next_event(events, call)
        if first is None:
            return
        if isinstance(first, tuple) and not self.site.behaviour.arguments.sse:
            return self.answer(first[0], first[1], headers)
        self.begin_stream(headers)
        self.pump(events, call, first)

    def listen(self, call: Call, events: queue.Queue) -> None:
        identifier, wanted = call.message["id"], call.params.get("notifications") or {}
        call.notify(
            "notifications/subscriptions/acknowledged",
            {"notifications": wanted, "_meta": {META + "subscriptionId": identifier}},
        )
        self.site.listeners[id(events)] = (wanted, identifier, events)
        self.begin_stream({})
        self.pump(events, call, None)
        del self.site.listeners[id(events)]

    def notified(self, message: dict, session: Session | None) -> None:
        if message["method"] == "notifications/cancelled" and session is not None:
            call = session.calls.get(key((message.get("params") or {}).get("requestId")))
            if call is not None:
                call.cancelled.set()
        self.answer(202, b"")

    # Bytes

    def next_event(self, events: queue.Queue, call: Call | None):
        """The next event, or nothing if the client has gone."""
        while True:
            try:
                return events.get(timeout=0.05)
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

    def pump(self, events: queue.Queue, call: Call | None, event) -> None:
        try:
            while True:
                event = event if event is not None else self.next_event(events, call)
                if event is None:
                    return
                last = isinstance(event, tuple)
                data = event[1] if last else event
                self.chunk(b"event: message\ndata: " + data + b"\n\n")
                if last:
                    return self.chunk(b"")
                event = None
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

    def header_error(self, message: dict) -> RPCError | None:
        params = message.get("params") or {}
        meta = params.get("_meta") or {}
        expected = {
            "MCP-Protocol-Version": meta.get(META + "protocolVersion"),
            "Mcp-Method": message["method"],
        }
        if message["method"] in NAMED:
            expected["Mcp-Name"] = params.get(NAMED[message["method"]])
        if message["method"] == "tools/call" and params.get("name") == "regional":
            expected["Mcp-Param-Region"] = (params.get("arguments") or {}).get("region")
        for name, value in expected.items():
            if decoded(self.headers.get(name)) != value:
                self.site.behaviour.record.event("header mismatch", header=name, sent=self.headers.get(name))
                return RPCError(-32020, f"{name} does not match the body")
        return None


def decoded(value: str | None) -> str | None:
    if value and value.startswith("=?base64?") and value.endswith("?="):
        return base64.b64decode(value[9:-2]).decode()
    return value


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
