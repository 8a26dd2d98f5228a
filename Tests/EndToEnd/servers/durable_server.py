"""A small MCP server over HTTP whose answers take their time: tasks of either era, and, in the legacy one,
event streams that end ahead of the answer. The tool `seen` tells the header fields of its own request."""

import argparse
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TASKS = "io.modelcontextprotocol/tasks"
PREFIX = "io.modelcontextprotocol/"
NONE: dict = {}
SCHEMA = {
    "type": "object",
    "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"},
        "shard": {"type": "integer", "x-mcp-header": "Shard"},
    },
}


class Failure(Exception):
    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text


class Site:
    """What all connections share."""

    def __init__(self, modern: bool) -> None:
        self.modern = modern
        self.tasks: dict[str, dict] = {}
        self.polls: dict[str, tuple[float, dict]] = {}
        self.seen: dict = {}
        self.lock = threading.Lock()

    def answer(self, method: str, params: dict) -> dict:
        if method == "initialize":
            if self.modern:
                raise Failure(-32601, "Method not found")
            tasks = {"list": NONE, "cancel": NONE, "requests": {"tools": {"call": NONE}}}
            return self.greeting({"tools": NONE, "tasks": tasks}) | {"protocolVersion": "2025-11-25"}
        if method == "server/discover" and self.modern:
            return self.greeting({"tools": NONE, "extensions": {TASKS: NONE}}) | {
                "supportedVersions": ["2026-07-28"],
                **self.cached(),
            }
        if method == "tools/list":
            names = ["slow", "seen", "task"]
            tools = [{"name": name, "inputSchema": SCHEMA} for name in names]
            return {"tools": tools} | (self.cached() if self.modern else {})
        if method == "tools/call":
            return self.call(params)
        if method.startswith("tasks/"):
            return self.task(method, params)
        if method == "ping" and not self.modern:
            return {}
        raise Failure(-32601, f"Method not found: {method}")

    def greeting(self, capabilities: dict) -> dict:
        return {"capabilities": capabilities, "serverInfo": {"name": "durable", "version": "1"}}

    def cached(self) -> dict:
        return {"ttlMs": 60_000, "cacheScope": "public"}

    def text(self, text: str) -> dict:
        return {"content": [{"type": "text", "text": text}]}

    def call(self, params: dict) -> dict:
        if params["name"] == "slow":
            return self.text("at last")
        if params["name"] == "seen":
            return self.text(json.dumps(self.seen | {"_meta": params.get("_meta", {})}))
        declared = params.get("_meta", {}).get(PREFIX + "clientCapabilities", {}).get("extensions", {})
        if not (TASKS in declared if self.modern else "task" in params):
            return self.text("no task")
        with self.lock:
            identifier = f"own-{len(self.tasks) + 1}"
            self.tasks[identifier] = {"taskId": identifier, "status": "working", "end": time.time() + 1}
        state = self.state(identifier)
        return state | {"resultType": "task"} if self.modern else {"task": state}

    def state(self, identifier: str) -> dict:
        task = self.tasks.get(identifier)
        if task is None:
            raise Failure(-32602, "Task not found")
        if task["status"] == "working" and time.time() >= task["end"]:
            task["status"] = "completed"
        stamp = "2026-01-01T00:00:00Z"
        state = {"taskId": identifier, "status": task["status"], "createdAt": stamp, "lastUpdatedAt": stamp}
        state["ttlMs" if self.modern else "ttl"] = 60_000
        if self.modern and task["status"] == "completed":
            state["result"] = self.text("done")
        return state

    def task(self, method: str, params: dict) -> dict:
        if method == "tasks/list" and not self.modern:
            return {"tasks": [self.state(identifier) for identifier in self.tasks]}
        identifier = params.get("taskId", "")
        state = self.state(identifier)
        if method == "tasks/get":
            return state
        if method == "tasks/cancel":
            self.tasks[identifier]["status"] = "cancelled"
            return {} if self.modern else self.state(identifier)
        if method == "tasks/update" and self.modern:
            return {}
        if method == "tasks/result" and not self.modern:
            while self.state(identifier)["status"] == "working":
                time.sleep(0.05)
            return self.text("done") | {"_meta": {PREFIX + "related-task": {"taskId": identifier}}}
        raise Failure(-32601, f"Method not found: {method}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *arguments: object) -> None:
        pass

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if "id" not in message:
            return self.reply(202, b"")
        method, params = message["method"], message.get("params", {})
        if method == "tools/call":
            self.site.seen = {name.lower(): value for name, value in self.headers.items()}
        answer = {"jsonrpc": "2.0", "id": message["id"]}
        try:
            result = self.site.answer(method, params)
            if self.site.modern:
                result.setdefault("resultType", "complete")
            answer["result"] = result
        except Failure as failure:
            answer["error"] = {"code": failure.code, "message": failure.text}
        if method == "tools/call" and params.get("name") == "slow" and not self.site.modern:
            return self.put_off(answer)
        unknown = self.site.modern and answer.get("error", {}).get("code") == -32601
        self.reply(404 if unknown else 200, json.dumps(answer).encode())

    def put_off(self, answer: dict) -> None:
        """The answer has to be fetched, and not before the pause is over."""
        identifier = f"event-{len(self.site.polls) + 1}"
        self.site.polls[identifier] = (time.time() + 0.4, answer)
        self.reply(200, f"id: {identifier}\nretry: 500\ndata:\n\n".encode(), "text/event-stream")

    def do_GET(self) -> None:
        due, answer = self.site.polls.get(self.headers.get("Last-Event-ID", ""), (0, None))
        if answer is None:
            return self.reply(405, b"")
        early = time.time() < due
        data = b"" if early else f"id: last\ndata: {json.dumps(answer)}\n\n".encode()
        self.reply(429 if early else 200, data, "text/event-stream")

    def do_DELETE(self) -> None:
        self.reply(405, b"")

    def reply(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--era", choices=["legacy", "modern"], required=True)
    flags = parser.parse_args()
    Handler.site = Site(flags.era == "modern")
    ThreadingHTTPServer(("127.0.0.1", flags.port), Handler).serve_forever()
