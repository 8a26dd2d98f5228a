"""Runs mcp 1.30 as a client, in its own environment: one JSON command a line in, one JSON answer a line out.

A command is `{"do": "call_tool", "arguments": {...}}` with the name of a method of ClientSession; the answer
is `{"ok": result}` or `{"error": {"code", "message"}}`. The first line out is the result of initialize.
"""

import json
import os
import sys

import anyio
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PromptReference, ResourceTemplateReference
from pydantic import AnyUrl


def say(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def prepared(arguments: dict) -> dict:
    """Arguments as the session's methods take them."""
    arguments = dict(arguments)
    if "uri" in arguments:
        arguments["uri"] = AnyUrl(arguments["uri"])
    if "ref" in arguments:
        kind = PromptReference if arguments["ref"]["type"] == "ref/prompt" else ResourceTemplateReference
        arguments["ref"] = kind(**arguments["ref"])
    return arguments


async def serve(session: ClientSession, notes: list) -> None:
    say({"ok": (await session.initialize()).model_dump(mode="json", by_alias=True)})
    while line := await anyio.to_thread.run_sync(sys.stdin.readline):
        command = json.loads(line)
        if command["do"] == "notifications":
            say({"ok": notes})
            continue
        arguments = prepared(command.get("arguments", {}))
        progress: list = []
        if command.pop("with_progress", False):

            async def note(value: float, total: float | None, message: str | None) -> None:
                progress.append(value)

            arguments["progress_callback"] = note
        try:
            result = await getattr(session, command["do"])(**arguments)
            say(
                {"ok": result.model_dump(mode="json", by_alias=True, exclude_none=True), "progress": progress}
            )
        except McpError as error:
            say({"error": {"code": error.error.code, "message": error.error.message}})


async def main(kind: str, target: list[str]) -> None:
    notes: list = []

    async def noted(message: object) -> None:
        if hasattr(message, "root"):
            notes.append(message.root.method)

    if kind == "stdio":
        transport = stdio_client(
            StdioServerParameters(command=target[0], args=target[1:], env=dict(os.environ))
        )
    else:
        transport = (sse_client if kind == "sse" else streamable_http_client)(target[0])
    async with transport as streams:
        async with ClientSession(streams[0], streams[1], message_handler=noted) as session:
            await serve(session, notes)


anyio.run(main, sys.argv[1], sys.argv[2:])
