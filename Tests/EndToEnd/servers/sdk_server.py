"""The fixture server written with the official SDK: FastMCP of mcp 1.30, or MCPServer of mcp 2.3.

usage: sdk_server.py PORT, or sdk_server.py stdio

The two generations ask their client in different ways: the older one in the middle of a call, the newer one
by parameters that are resolved before it, which fits both eras.
"""

import base64
import sys
from typing import Annotated

import anyio
from pydantic import BaseModel, Field

from media import AUDIO, IMAGE

PORT = 0 if sys.argv[1] == "stdio" else int(sys.argv[1])
try:
    from mcp.server.mcpserver import Context, Elicit, ListRoots, MCPServer, Resolve, Sample
    from mcp_types import (
        AudioContent,
        Completion,
        CreateMessageResult,
        EmbeddedResource,
        ImageContent,
        ListRootsResult,
        ResourceLink,
        SamplingMessage,
        TextContent,
        TextResourceContents,
    )

    IS_NEW = True
    server = MCPServer("sdk")
    options: dict = {"host": "127.0.0.1", "port": PORT}
except ImportError:
    from mcp.server.fastmcp import Context, FastMCP
    from mcp.types import (
        AudioContent,
        Completion,
        EmbeddedResource,
        ImageContent,
        ResourceLink,
        SamplingMessage,
        TextContent,
        TextResourceContents,
    )

    IS_NEW = False
    server = FastMCP("sdk", host="127.0.0.1", port=PORT)
    options = {}

counts = {"abandoned": 0, "added": 0}


class Weather(BaseModel):
    temperature: float
    unit: str


class Person(BaseModel):
    name: str = Field(description="Your name")
    age: int = 30


@server.tool(description="Adds two numbers.")
def add(a: int, b: int) -> int:
    return a + b


@server.tool(description="Counts with reports of progress.")
async def steps(count: int, ctx: Context) -> str:
    for step in range(count):
        await ctx.report_progress(step + 1, count)
    return f"{count} steps"


@server.tool(description="Answers with every kind of content.", structured_output=False)
def kinds() -> list:
    kind = {"mimeType": "text/plain"}
    resource = TextResourceContents.model_validate({"uri": "sdk://embedded", "text": "embedded"} | kind)
    link = {"type": "resource_link", "uri": "sdk://greeting", "name": "greeting"}
    return [
        TextContent(type="text", text="text"),
        ImageContent.model_validate({"type": "image", "data": IMAGE, "mimeType": "image/png"}),
        AudioContent.model_validate({"type": "audio", "data": AUDIO, "mimeType": "audio/wav"}),
        EmbeddedResource(type="resource", resource=resource),
        ResourceLink.model_validate(link),
    ]


@server.tool(description="Answers with structured content.")
def weather(city: str) -> Weather:
    return Weather(temperature=22.5, unit="C" if city else "K")


@server.tool(description="Fails.")
def failing() -> str:
    raise RuntimeError("this tool fails")


@server.tool(description="Logs while it runs.")
async def logs(ctx: Context) -> str:
    await ctx.info("an information")
    await ctx.warning("a warning")
    return "logged"


@server.tool(description="Takes its time, and counts when it was abandoned.")
async def slow(seconds: float) -> str:
    try:
        await anyio.sleep(seconds)
    except BaseException:
        counts["abandoned"] += 1
        raise
    return "took its time"


@server.tool(description="Says how often a slow call was abandoned.")
def abandoned() -> int:
    return counts["abandoned"]


@server.tool(description="Adds a tool.")
async def grow(ctx: Context) -> str:
    counts["added"] += 1
    server.add_tool(lambda: "added", name=f"added{counts['added']}", description="Came later.")
    if IS_NEW:
        await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()
    return "grown"


@server.tool(description="Says that the greeting was updated.")
async def touch(ctx: Context) -> str:
    if IS_NEW:
        await ctx.notify_resource_updated("sdk://greeting")
    else:
        await ctx.session.send_resource_updated("sdk://greeting")
    return "touched"


@server.resource("sdk://greeting")
def greeting() -> str:
    return "hello"


@server.resource("sdk://image", mime_type="image/png")
def image() -> bytes:
    return base64.b64decode(IMAGE)


@server.resource("sdk://square/{number}")
def square(number: str) -> str:
    return str(int(number) ** 2)


@server.prompt()
def review(code: str) -> str:
    return f"Review: {code}"


@server.completion()
async def complete(ref, argument, context) -> Completion:
    words = [word for word in ("python", "pytorch", "perl") if word.startswith(argument.value)]
    return Completion(values=words, total=len(words))


def question(prompt: str) -> SamplingMessage:
    return SamplingMessage(role="user", content=TextContent(type="text", text=prompt))


if IS_NEW:

    def who() -> Elicit[Person]:
        return Elicit("Who are you?", Person)

    def model(prompt: str) -> Sample:
        return Sample([question(prompt)], max_tokens=50)

    def roots() -> ListRoots:
        return ListRoots()

    @server.tool(description="Asks the user.")
    def ask_user(person: Annotated[Person, Resolve(who)]) -> str:
        return f"{person.name} is {person.age}"

    @server.tool(description="Asks the client's model.")
    def ask_model(prompt: str, answer: Annotated[CreateMessageResult, Resolve(model)]) -> str:
        return f"{prompt}: {answer.content.text}"

    @server.tool(description="Asks for the client's roots.")
    def ask_roots(found: Annotated[ListRootsResult, Resolve(roots)]) -> str:
        return " ".join(str(root.uri) for root in found.roots)

else:

    @server.tool(description="Asks the user.")
    async def ask_user(ctx: Context) -> str:
        answer = await ctx.elicit("Who are you?", Person)
        return f"{answer.data.name} is {answer.data.age}" if answer.action == "accept" else answer.action

    @server.tool(description="Asks the client's model.")
    async def ask_model(prompt: str, ctx: Context) -> str:
        answer = await ctx.session.create_message([question(prompt)], max_tokens=50)
        return f"{prompt}: {answer.content.text}"

    @server.tool(description="Asks for the client's roots.")
    async def ask_roots(ctx: Context) -> str:
        return " ".join(str(root.uri) for root in (await ctx.session.list_roots()).roots)

    @server.tool(description="Asks the user to open a page.")
    async def ask_page(ctx: Context) -> str:
        answer = await ctx.elicit_url("Please sign in.", "https://example.org/sign-in", "page-1")
        await ctx.session.send_elicit_complete("page-1")
        return answer.action

    @server._mcp_server.subscribe_resource()
    async def subscribe(uri) -> None:
        counts["subscribed"] = str(uri)

    @server._mcp_server.unsubscribe_resource()
    async def unsubscribe(uri) -> None:
        counts["subscribed"] = ""

    @server._mcp_server.set_logging_level()
    async def set_level(level) -> None:
        counts["level"] = level


if PORT:
    server.run(transport="streamable-http", **options)
else:
    server.run(transport="stdio")
