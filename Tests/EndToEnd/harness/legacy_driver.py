"""Runs mcp 1.30 as a client, in its own environment: one JSON command a line in, one JSON answer a line out.

A command is `{"do": "call_tool", "arguments": {...}}` with the name of a method of ClientSession; the answer
is `{"ok": result}` or `{"error": {"code", "message"}}`. The first line out is the result of initialize. What
servers ask is answered: with the model's "42", with Ada of 36 years, and with two roots; `notifications`,
`asked` and `levels` give what was told, asked and logged so far.
"""

import json
import os
import sys

import anyio
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    CreateMessageResult,
    ElicitResult,
    ListRootsResult,
    PromptReference,
    ResourceTemplateReference,
    Root,
    TextContent,
)
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


class Answers:
    """The client's side of what servers ask and log."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.asked: list[str] = []
        self.levels: list[str] = []

    async def sample(self, context: object, params: object) -> CreateMessageResult:
        self.asked.append(params.messages[0].content.text)
        return CreateMessageResult(role="assistant", content=TextContent(type="text", text="42"), model="m")

    async def elicit(self, context: object, params: object) -> ElicitResult:
        self.asked.append(params.message)
        content = {"name": "Ada", "age": 36} if hasattr(params, "requestedSchema") else None
        return ElicitResult(action="accept", content=content)

    async def roots(self, context: object) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri="file:///home/a"), Root(uri="file:///home/b")])

    async def log(self, params: object) -> None:
        self.levels.append(params.level)

    async def note(self, message: object) -> None:
        if hasattr(message, "root"):
            self.notes.append(message.root.method)


async def serve(session: ClientSession, answers: Answers) -> None:
    known = {"notifications": answers.notes, "asked": answers.asked, "levels": answers.levels}
    say({"ok": (await session.initialize()).model_dump(mode="json", by_alias=True)})
    while line := await anyio.to_thread.run_sync(sys.stdin.readline):
        command = json.loads(line)
        if command["do"] in known:
            say({"ok": known[command["do"]]})
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
    answers = Answers()
    if kind == "stdio":
        transport = stdio_client(
            StdioServerParameters(command=target[0], args=target[1:], env=dict(os.environ))
        )
    else:
        transport = (sse_client if kind == "sse" else streamable_http_client)(target[0])
    async with transport as streams:
        async with ClientSession(
            streams[0],
            streams[1],
            sampling_callback=answers.sample,
            elicitation_callback=answers.elicit,
            list_roots_callback=answers.roots,
            logging_callback=answers.log,
            message_handler=answers.note,
        ) as session:
            await serve(session, answers)


anyio.run(main, sys.argv[1], sys.argv[2:])
