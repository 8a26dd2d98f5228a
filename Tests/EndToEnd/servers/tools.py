"""The tools of the steered server: each makes one thing happen that a gateway has to live with."""

import json
import os
import time

from behaviour import EXACT_RESULT, META, MODERN, Behaviour, Call, RPCError, tool

NUMBER, TEXT = {"type": "number"}, {"type": "string"}

TOOLS = [
    tool("echo", "Gives its arguments back.", annotations={"readOnlyHint": True}),
    tool("sleep", "Answers after some seconds, or never if it is cancelled first.", {"seconds": NUMBER}),
    tool("deaf", "Sleeps without listening to a cancellation.", {"seconds": NUMBER}),
    tool("crash", "Ends the process in mid-call."),
    tool("progress", "Reports progress a number of times.", {"count": NUMBER, "interval": NUMBER}),
    tool("garbage", "Writes something that is not a message, then answers.", {"kind": TEXT}),
    tool("huge", "Answers with that many bytes of text.", {"bytes": NUMBER}),
    tool("change", "Adds an item to a list and says so.", {"kind": TEXT}),
    tool("touch", "Says that a resource was updated.", {"uri": TEXT}),
    tool("count", "Says which process this is and how many times it was asked."),
    tool("fail", "Gives a result with isError."),
    tool("error", "Gives a JSON-RPC error.", {"code": NUMBER}),
    tool("exact", "Gives a result whose bytes are unusual."),
    tool("mute", "Never answers."),
    tool("twice", "Answers two times."),
    tool("stranger", "Answers with an id that nobody used, then properly."),
    tool("log", "Writes a log message to the client."),
    tool("meta", "Gives back the _meta of the request."),
    tool(
        "regional",
        "Has an argument that HTTP carries in a header too.",
        {"region": TEXT | {"x-mcp-header": "Region"}},
    ),
    tool("forget-sessions", "Ends every session of the server over HTTP after this call."),
    tool("list-content", "Names a tool and a resource of its own server."),
]


def run(server: Behaviour, call: Call) -> dict | bytes:
    name = str(call.params.get("name"))
    if name.startswith(("extra", "added", "long")):
        return text(f"this is {name}")
    arguments = call.params.get("arguments") or {}
    handler = globals().get("tool_" + name.replace("-", "_"))
    if handler is None:
        raise RPCError(-32602, f"Unknown tool: {name}")
    return handler(server, call, arguments)


def text(value: str, **more: object) -> dict:
    return {"content": [{"type": "text", "text": value}]} | more


def tool_echo(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(json.dumps(arguments), structuredContent=arguments)


def tool_sleep(server: Behaviour, call: Call, arguments: dict) -> dict:
    if call.wait(arguments["seconds"]):
        server.record.event("gave up", id=call.message["id"])
        raise RPCError(-32800, "Cancelled")
    return text("slept")


def tool_deaf(server: Behaviour, call: Call, arguments: dict) -> dict:
    time.sleep(arguments["seconds"])
    return text("slept and heard nothing")


def tool_crash(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.record.event("crash")
    os._exit(9)


def tool_progress(server: Behaviour, call: Call, arguments: dict) -> dict:
    token = call.meta.get("progressToken")
    count = int(arguments["count"])
    for step in range(1, count + 1):
        if token is not None:
            call.notify(
                "notifications/progress",
                {"progressToken": token, "progress": step, "total": count, "message": f"step {step}"},
            )
        if call.wait(arguments["interval"]):
            server.record.event("gave up", id=call.message["id"])
            raise RPCError(-32800, "Cancelled")
    return text(f"{count} steps")


def tool_garbage(server: Behaviour, call: Call, arguments: dict) -> dict:
    lines = {
        "text": b"this is not JSON",
        "truncated": b'{"jsonrpc":"2.0","id":',
        "utf8": b'{"jsonrpc":"2.0","method":"notifications/message","params":{"x":"\xff\xfe"}}',
        "array": b"[]",
        "number": b"42",
        "blank": b"",
    }
    call.notify.raw(lines[arguments["kind"]])
    return text("wrote garbage")


def tool_huge(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("x" * int(arguments["bytes"]))


def tool_change(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.change(arguments["kind"])
    return text("changed")


def tool_touch(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.touch(arguments["uri"])
    return text("touched")


def tool_count(server: Behaviour, call: Call, arguments: dict) -> dict:
    counted = server.counted()
    return text(json.dumps(counted), structuredContent=counted)


def tool_fail(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("it did not work", isError=True)


def tool_error(server: Behaviour, call: Call, arguments: dict) -> dict:
    raise RPCError(int(arguments["code"]), "As asked", {"kept": [1, 2]})


def tool_exact(server: Behaviour, call: Call, arguments: dict) -> bytes:
    return EXACT_RESULT


def tool_mute(server: Behaviour, call: Call, arguments: dict) -> dict:
    call.wait(600)
    raise RPCError(-32800, "Cancelled")


def tool_twice(server: Behaviour, call: Call, arguments: dict) -> dict:
    call.notify.message(
        {"jsonrpc": "2.0", "id": call.message["id"], "result": server.finished(text("first"), call)}
    )
    return text("second")


def tool_stranger(server: Behaviour, call: Call, arguments: dict) -> dict:
    call.notify.message({"jsonrpc": "2.0", "id": "nobody-used-this", "result": {}})
    return text("answered")


def tool_log(server: Behaviour, call: Call, arguments: dict) -> dict:
    if call.era == "legacy" or META + "logLevel" in call.meta:
        call.notify(
            "notifications/message", {"level": "warning", "data": "logged", "logger": server.arguments.name}
        )
    return text("logged")


def tool_meta(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(json.dumps(call.meta), structuredContent=call.meta)


def tool_regional(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(f"region {arguments['region']}", structuredContent={"era": call.era, "modern": MODERN})


def tool_list_content(server: Behaviour, call: Call, arguments: dict) -> dict:
    return {"content": [{"type": "resource_link", "uri": server.uri("one"), "name": "one"}]}


def tool_forget_sessions(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("forgotten")
