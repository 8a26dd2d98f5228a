"""What a modern request carries in its headers too, and whether that is what its body says."""

import base64
import binascii

from behaviour import META, RPCError

NAMED = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}


def annotated(schema: dict, path: tuple = ()) -> list[tuple[str, tuple]]:
    """The header names in an input schema, each with the path of its argument."""
    found = []
    for name, property in (schema.get("properties") or {}).items():
        if "x-mcp-header" in property:
            found.append((property["x-mcp-header"], (*path, name)))
        found += annotated(property, (*path, name))
    return found


def argument(arguments: dict, path: tuple) -> object:
    value: object = arguments
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def written(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def expected_headers(message: dict, tools: list) -> dict[str, str | None]:
    params = message.get("params") or {}
    meta = params.get("_meta") or {}
    expected = {"MCP-Protocol-Version": meta.get(META + "protocolVersion"), "Mcp-Method": message["method"]}
    if message["method"] in NAMED:
        expected["Mcp-Name"] = params.get(NAMED[message["method"]])
    if message["method"] == "tools/call":
        for tool in tools:
            if tool["name"] == params.get("name"):
                for header, path in annotated(tool["inputSchema"]):
                    value = argument(params.get("arguments") or {}, path)
                    expected[f"Mcp-Param-{header}"] = written(value)
    return expected


def decoded(value: str | None) -> str | None:
    value = value.strip(" \t") if value else value
    if value and value.startswith("=?base64?") and value.endswith("?="):
        return base64.b64decode(value[9:-2], validate=True).decode()
    return value


def same(sent: str | None, value: str | None) -> bool:
    try:
        sent = decoded(sent)
    except (binascii.Error, UnicodeDecodeError):
        return False
    return sent == value


def header_error(message: dict, headers, tools: list, record) -> RPCError | None:
    for name, value in expected_headers(message, tools).items():
        if not same(headers.get(name), value):
            record.event("header mismatch", header=name, sent=headers.get(name), expected=value)
            return RPCError(-32020, f"{name} does not match the body")
    return None
