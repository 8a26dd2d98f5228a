"""What the steered MCP server does with a request, the same over stdio and HTTP and in both eras.

Only the standard library is used, so that nothing stands between a test and the bytes on the wire.
"""

import argparse
import base64
import json
import os
import threading
import time

from record import Record

LEGACY = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = "2026-07-28"
META = "io.modelcontextprotocol/"
LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
LEGACY_ONLY = {
    "initialize",
    "ping",
    "logging/setLevel",
    "resources/subscribe",
    "resources/unsubscribe",
}

# White space, number forms, escapes and members that no schema knows: all of it has to arrive as it is.
EXACT_RESULT = (
    b'{ "content" : [ {"type":"text", "text":"caf\\u00e9 \\ud83d\\ude00 \\/ end"} ],\t"isError": false, '
    b'"structuredContent" : {"big": 123456789012345678901234567890, "e": 1.50E+02, '
    b'"z": -0.0, "nested": [[[]]]}, '
    b'"x-unknown": {"b": 1, "a": 2}, "resultType" : "complete" }'
)


class RPCError(Exception):
    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data

    def body(self) -> dict:
        body = {"code": self.code, "message": self.message}
        return body if self.data is None else body | {"data": self.data}


class Call:
    """A request under way: where its notifications go, and whether it was given up."""

    def __init__(self, message: dict, era: str, notify, counterpart=None) -> None:
        self.message, self.era, self.notify, self.counterpart = message, era, notify, counterpart
        self.params = message.get("params") or {}
        self.cancelled = threading.Event()

    @property
    def capabilities(self) -> dict:
        """What the client declared: in its handshake or in this request."""
        if self.era == "modern":
            return self.meta.get(META + "clientCapabilities") or {}
        return self.counterpart.capabilities if self.counterpart else {}

    def log(self, level: str, data: object) -> None:
        """Sends a log message if the client wants one of this level."""
        wanted = (
            self.meta.get(META + "logLevel") if self.era == "modern" else self.counterpart.level or "debug"
        )
        if wanted in LEVELS and LEVELS.index(level) >= LEVELS.index(wanted):
            self.notify("notifications/message", {"level": level, "logger": "fixture", "data": data})

    @property
    def meta(self) -> dict:
        return self.params.get("_meta") or {}

    def wait(self, seconds: float) -> bool:
        """True if the call was cancelled meanwhile."""
        return self.cancelled.wait(seconds)


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", default="steered")
    parser.add_argument("--era", choices=("legacy", "modern", "dual"), default="dual")
    parser.add_argument("--latest", choices=LEGACY, default=LEGACY[-1], help="newest handshake revision")
    parser.add_argument("--record", help="file that takes every message received")
    parser.add_argument("--pages", type=int, default=0, help="items on a page of a list; 0: one page")
    parser.add_argument("--extra-tools", type=int, default=0)
    parser.add_argument("--long-name", action="store_true", help="a tool whose name has 80 characters")
    parser.add_argument("--list-delay", type=float, default=0, help="seconds before a list is answered")
    parser.add_argument("--start-delay", type=float, default=0)
    parser.add_argument("--ttl", type=int, default=0, help="ttlMs of lists (modern)")
    parser.add_argument("--cache-scope", default="public")
    parser.add_argument("--tools-only", action="store_true")
    parser.add_argument("--canary", help="an address that a tool's schema refers to and nobody may open")
    parser.add_argument("--invalid-headers", action="store_true", help="tools whose header names are invalid")
    parser.add_argument("--everything", action="store_true", help="the names of the public suite instead")
    return parser


def tool(name: str, description: str, required: dict | None = None, **more) -> dict:
    properties = required or {}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"name": name, "description": description, "inputSchema": schema} | more


class Behaviour:
    """The state of one server and its answers."""

    def __init__(self, arguments: argparse.Namespace, tools) -> None:
        self.arguments = arguments
        self.tools = tools
        self.record = Record(arguments.record)
        self.lock = threading.Lock()
        self.calls = 0
        self.changes = {"tools": 0, "prompts": 0, "resources": 0}
        self.announce = lambda kind, params: None
        self.record.event("start", era=arguments.era)

    # Identity and capabilities

    def info(self) -> dict:
        return {"name": self.arguments.name, "version": "1.0"}

    def capabilities(self) -> dict:
        capabilities: dict = {"tools": {"listChanged": True}}
        if not self.arguments.tools_only:
            capabilities |= {
                "prompts": {"listChanged": True},
                "resources": {"listChanged": True, "subscribe": True},
                "completions": {},
                "logging": {},
            }
        return capabilities

    def finished(self, result: dict | bytes, call: Call) -> dict | bytes:
        """A modern result with the members that its revision demands."""
        if isinstance(result, bytes) or call.era == "legacy":
            return result
        meta = {META + "serverInfo": self.info()} | result.get("_meta", {})
        return {"resultType": "complete"} | result | {"_meta": meta}

    def answer(self, call: Call) -> dict | bytes:
        method = call.message["method"].replace("/", "_")
        handler = getattr(self, f"on_{method}", None)
        if handler is None or (call.era == "modern" and call.message["method"] in LEGACY_ONLY):
            raise RPCError(-32601, "Method not found", {"method": call.message["method"]})
        return self.finished(handler(call), call)

    # Lifecycle

    def on_initialize(self, call: Call) -> dict:
        if self.arguments.era == "modern":
            raise RPCError(
                -32022,
                "Unsupported protocol version",
                {"supported": [MODERN], "requested": call.params.get("protocolVersion", "")},
            )
        asked = call.params.get("protocolVersion")
        call.counterpart.capabilities = call.params.get("capabilities") or {}
        known = LEGACY[: LEGACY.index(self.arguments.latest) + 1]
        return {
            "protocolVersion": asked if asked in known else known[-1],
            "capabilities": self.capabilities(),
            "serverInfo": self.info(),
            "instructions": "Steered.",
        }

    def on_server_discover(self, call: Call) -> dict:
        if self.arguments.era == "legacy":
            raise RPCError(-32601, "Method not found")
        return {
            "supportedVersions": [MODERN],
            "capabilities": self.capabilities(),
            "instructions": "Steered.",
            "ttlMs": 60_000,
            "cacheScope": "public",
        }

    def on_ping(self, call: Call) -> dict:
        return {}

    def on_logging_setLevel(self, call: Call) -> dict:
        if call.params.get("level") not in LEVELS:
            raise RPCError(-32602, "Unknown level")
        call.counterpart.level = call.params["level"]
        return {}

    # Lists

    def page(self, call: Call, key: str, items: list) -> dict:
        time.sleep(self.arguments.list_delay)
        size = self.arguments.pages or max(len(items), 1)
        start = 0
        if (cursor := call.params.get("cursor")) is not None:
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("from:"))
            except ValueError:
                raise RPCError(-32602, "Invalid cursor") from None
        result: dict = {key: items[start : start + size]}
        if start + size < len(items):
            result["nextCursor"] = base64.b64encode(f"from:{start + size}".encode()).decode()
        if call.era == "modern":
            result |= {"ttlMs": self.arguments.ttl, "cacheScope": self.arguments.cache_scope}
        return result

    def on_tools_list(self, call: Call) -> dict:
        extra = [tool(f"extra{number:05}", "One of many.") for number in range(self.arguments.extra_tools)]
        added = [tool(f"added{number}", "Came later.") for number in range(self.changes["tools"])]
        long = [tool("long" * 20, "Has a long name.")] if self.arguments.long_name else []
        return self.page(call, "tools", self.tools.TOOLS + extra + added + long)

    def on_tools_call(self, call: Call) -> dict | bytes:
        return self.tools.run(self, call)

    def on_resources_list(self, call: Call) -> dict:
        names = ["one", "two"] + [f"added{number}" for number in range(self.changes["resources"])]
        resources = [{"uri": self.uri(name), "name": name, "mimeType": "text/plain"} for name in names]
        return self.page(call, "resources", resources)

    def on_resources_templates_list(self, call: Call) -> dict:
        template = {"uriTemplate": self.uri("items/{id}"), "name": "item", "mimeType": "text/plain"}
        return self.page(call, "resourceTemplates", [template])

    def on_prompts_list(self, call: Call) -> dict:
        names = ["greet"] + [f"added{number}" for number in range(self.changes["prompts"])]
        argument = {"name": "who", "description": "Whom to greet.", "required": True}
        return self.page(call, "prompts", [{"name": name, "arguments": [argument]} for name in names])

    # Resources, prompts, completion

    def uri(self, path: str) -> str:
        return f"steered://{self.arguments.name}/{path}"

    def on_resources_read(self, call: Call) -> dict:
        uri = call.params.get("uri", "")
        path = uri.removeprefix(self.uri(""))
        if path == uri or not (path in ("one", "two") or path.startswith("items/")):
            raise RPCError(-32602 if call.era == "modern" else -32002, "Resource not found", {"uri": uri})
        result: dict = {"contents": [{"uri": uri, "mimeType": "text/plain", "text": f"content of {path}"}]}
        if call.era == "modern":
            result |= {"ttlMs": self.arguments.ttl, "cacheScope": self.arguments.cache_scope}
        return result

    def on_resources_subscribe(self, call: Call) -> dict:
        return {}

    def on_resources_unsubscribe(self, call: Call) -> dict:
        return {}

    def on_prompts_get(self, call: Call) -> dict:
        if call.params.get("name") != "greet":
            raise RPCError(-32602, "Unknown prompt")
        who = (call.params.get("arguments") or {}).get("who", "")
        return {"messages": [{"role": "user", "content": {"type": "text", "text": f"Hello {who}"}}]}

    def on_completion_complete(self, call: Call) -> dict:
        reference, start = call.params["ref"], call.params["argument"]["value"]
        if reference["type"] == "ref/prompt" and reference["name"] != "greet":
            raise RPCError(-32602, "Unknown prompt")
        values = [word for word in ("alice", "bob", "alina") if word.startswith(start)]
        return {"completion": {"values": values, "total": len(values), "hasMore": False}}

    # Changes

    def change(self, kind: str) -> None:
        with self.lock:
            self.changes[kind] += 1
        self.announce(f"notifications/{kind}/list_changed", {})

    def touch(self, uri: str) -> None:
        self.announce("notifications/resources/updated", {"uri": uri})

    def counted(self) -> dict:
        with self.lock:
            self.calls += 1
            return {"pid": os.getpid(), "calls": self.calls}


def encode(message: dict) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def response(identifier: object, result: dict | bytes) -> bytes:
    raw = result if isinstance(result, bytes) else encode(result)
    return b'{"jsonrpc":"2.0","id":' + json.dumps(identifier).encode() + b',"result":' + raw + b"}"


def failure(identifier: object, error: RPCError) -> bytes:
    return encode({"jsonrpc": "2.0", "id": identifier, "error": error.body()})
