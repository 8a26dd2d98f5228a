"""The steered MCP server over stdio: one JSON message a line."""

import json
import os
import signal
import sys
import threading
import time

import tools
from asking import Counterpart
from behaviour import META, Behaviour, Call, RPCError, encode, failure, options, response
from everything import Everything
from exchange import era_of, key, wants


class Notifier:
    """Writes what belongs to a call, or to no call, to standard output."""

    lock = threading.Lock()

    def raw(self, line: bytes) -> None:
        with self.lock:
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()

    def message(self, message: dict) -> None:
        self.raw(encode(message))

    def __call__(self, method: str, params: dict) -> None:
        self.message({"jsonrpc": "2.0", "method": method, "params": params})

    def end_stream(self) -> None:
        """Does nothing: there is one stream, and it ends with the process."""


class StdioServer:
    def __init__(self, arguments) -> None:
        self.behaviour = Everything(arguments) if arguments.everything else Behaviour(arguments, tools)
        self.behaviour.announce = self.announce
        self.notifier = Notifier()
        self.initialized = False
        self.listeners: dict = {}
        self.client = Counterpart()
        self.subscribed = self.client.subscribed
        self.calls: dict = {}
        self.lock = threading.Lock()

    def announce(self, method: str, params: dict) -> None:
        """Tells of a change: the session in the legacy eras, each listening request in the modern one."""
        of_extension = method == "notifications/tasks"
        updated = method == "notifications/resources/updated"
        if self.initialized and not of_extension and (not updated or params["uri"] in self.subscribed):
            self.notifier(method, params)
        for identifier, wanted in list(self.listeners.items()):
            if wants(wanted, method, params):
                self.notifier(method, params | {"_meta": {META + "subscriptionId": identifier}})

    def serve(self) -> None:
        for line in sys.stdin.buffer:
            line = line.rstrip(b"\n")
            self.behaviour.record.received(line)
            try:
                message = json.loads(line)
            except ValueError:
                self.notifier.raw(failure(None, RPCError(-32700, "Parse error")))
                continue
            if "method" not in message:
                self.client.answered(message)
                continue
            if "id" in message:
                call = Call(message, era_of(message), self.notifier, self.client)
                with self.lock:
                    self.calls[key(message["id"])] = call
                threading.Thread(target=self.run, args=(call,), daemon=True).start()
            else:
                self.notified(message)
        self.behaviour.record.event("end of input")

    def notified(self, message: dict) -> None:
        if message["method"] == "notifications/cancelled":
            identifier = (message.get("params") or {}).get("requestId")
            self.listeners.pop(identifier, None)
            with self.lock:
                call = self.calls.get(key(identifier))
            if call is not None:
                call.cancelled.set()

    def run(self, call: Call) -> None:
        identifier, method = call.message["id"], call.message["method"]
        try:
            if method == "subscriptions/listen" and call.era == "modern":
                return self.listen(call)
            if (
                call.era == "modern"
                and self.behaviour.arguments.era == "legacy"
                and method != "server/discover"
            ):
                raise RPCError(-32600, "Not initialized")
            if call.era == "legacy" and not self.initialized and method not in ("initialize", "ping"):
                raise RPCError(-32601 if method == "server/discover" else -32600, "Not initialized")
            result = self.behaviour.answer(call)
            if method == "initialize":
                self.initialized = True
            if method in ("resources/subscribe", "resources/unsubscribe"):
                {
                    "resources/subscribe": self.subscribed.add,
                    "resources/unsubscribe": self.subscribed.discard,
                }[method](call.params["uri"])
            self.notifier.raw(response(identifier, result))
        except RPCError as error:
            if not call.cancelled.is_set():
                self.notifier.raw(failure(identifier, error))
        finally:
            with self.lock:
                self.calls.pop(key(identifier), None)

    def listen(self, call: Call) -> None:
        wanted = call.params.get("notifications") or {}
        self.listeners[call.message["id"]] = wanted
        self.notifier(
            "notifications/subscriptions/acknowledged",
            {"notifications": wanted, "_meta": {META + "subscriptionId": call.message["id"]}},
        )


def main() -> None:
    parser = options()
    parser.add_argument("--die-at-start", action="store_true")
    parser.add_argument("--silent", action="store_true", help="reads and never answers")
    parser.add_argument("--stubborn", action="store_true", help="stays when its input ends and at SIGTERM")
    parser.add_argument("--noise", type=int, default=0, help="lines written to standard error at the start")
    arguments = parser.parse_args()
    if arguments.die_at_start:
        print("cannot start: the licence has expired", file=sys.stderr)
        sys.exit(3)
    if arguments.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in range(arguments.noise):
        print(f"noise {number}", file=sys.stderr)
    time.sleep(arguments.start_delay)
    server = StdioServer(arguments)
    if arguments.silent:
        for line in sys.stdin.buffer:
            server.behaviour.record.received(line.rstrip(b"\n"))
    else:
        server.serve()
    while arguments.stubborn:
        time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    main()
