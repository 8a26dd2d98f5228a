"""Every feature of the official SDK's servers, used by its client through the gateway, in each mode of both.

`direct` is the client at the server itself, which shows that the two can do it without a gateway.
"""

import contextlib

import anyio
import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CreateMessageResult,
    ElicitResult,
    ListRootsResult,
    PromptReference,
    ResourceTemplateReference,
    Root,
    TextContent,
)

from harness.places import MODERN_VERSION, SUITE, free_port, program
from harness.sdk import MODES, Connection, text

ERAS = ("legacy", "modern")
pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def urls(module_workshop) -> dict[tuple[str, str], str]:
    """Where the servers of both generations are: themselves, and through a gateway."""
    shop, sections, found = module_workshop, {}, {}
    for era in ERAS:
        port = free_port()
        shop.run([program(f"servers-{era}", "python"), SUITE / "servers" / "sdk_server.py", port], port)
        found["direct", era] = f"http://127.0.0.1:{port}/mcp"
        sections[f"servers.sdk-{era}"] = {"url": found["direct", era]}
        sections[f"servers.pipe-{era}"] = {
            "command": program(f"servers-{era}", "python"),
            "args": [str(SUITE / "servers" / "sdk_server.py"), "stdio"],
        }
        sections[f"servers.wire-{era}"] = shop.steered_http(
            f"wire-{era}", "--era", era, "--everything", "--pages", 7
        )
        found["direct-wire", era] = sections[f"servers.wire-{era}"]["url"]
    gateway = shop.gateway(sections)
    for era in ERAS:
        found["transparent-wire", era] = f"{gateway.url}/wire-{era}"
        found["transparent", era] = f"{gateway.url}/sdk-{era}"
        found["stdio", era] = f"{gateway.url}/pipe-{era}"
    return found


def cases() -> list:
    found = []
    for kind in ("direct", "transparent", "stdio"):
        for era in ERAS:
            modes = [mode for mode in MODES if (kind, era, mode) != ("direct", "legacy", MODERN_VERSION)]
            modes = modes if kind != "stdio" else ["auto", "legacy"]
            found += [pytest.param((kind, era, mode), id=f"{kind}-{era}-{mode}") for mode in modes]
    return found


@pytest.fixture(params=cases())
def case(request) -> tuple[str, str, str]:
    return request.param


class Answering:
    """What the client's user, model and machine say, and what they were asked."""

    def __init__(self, action: str = "accept") -> None:
        self.action, self.asked, self.levels = action, [], []

    async def sample(self, context, params) -> CreateMessageResult:
        self.asked.append(params.messages[0].content.text)
        return CreateMessageResult(role="assistant", content=TextContent(type="text", text="42"), model="m")

    async def elicit(self, context, params) -> ElicitResult:
        self.asked.append(params.message)
        content = {"name": "Ada", "age": 36} if self.action == "accept" else None
        return ElicitResult(action=self.action, content=content)

    async def roots(self, context) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri="file:///home/a"), Root(uri="file:///home/b")])

    async def log(self, params) -> None:
        self.levels.append(params.level)

    def options(self) -> dict:
        return {
            "sampling_callback": self.sample,
            "elicitation_callback": self.elicit,
            "list_roots_callback": self.roots,
            "logging_callback": self.log,
        }


@pytest.fixture
def connected(urls, case):
    kind, era, mode = case

    def connect(answering: Answering | None = None, **options: object) -> Connection:
        answers = answering.options() if answering else {}
        return Connection(urls[kind, era], mode, **answers, **options)

    return connect


async def test_every_kind_of_content_arrives(connected) -> None:
    async with connected() as client:
        content = (await client.call_tool("kinds", {})).content
        assert [block.type for block in content] == ["text", "image", "audio", "resource", "resource_link"]


async def test_structured_content_fits_its_schema(connected) -> None:
    async with connected() as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools["weather"].output_schema["required"] == ["temperature", "unit"]
        result = await client.call_tool("weather", {"city": "Bonn"})
        assert result.structured_content == {"temperature": 22.5, "unit": "C"}


async def test_a_failure_is_a_result_and_an_unknown_tool_is_an_error(connected) -> None:
    async with connected() as client:
        assert (await client.call_tool("failing", {})).is_error
        unknown = None
        with contextlib.suppress(MCPError):
            unknown = await client.call_tool("nobody", {})
        assert unknown is None or unknown.is_error


async def test_progress_is_reported(connected) -> None:
    steps: list = []

    async def progressed(value: float, total: float | None, message: str | None) -> None:
        steps.append((value, total))

    async with connected() as client:
        await client.call_tool("steps", {"count": 3}, progress_callback=progressed)
    assert steps == [(1, 3), (2, 3), (3, 3)]


async def test_log_messages_arrive(connected, case) -> None:
    answering = Answering()
    async with connected(answering, log_level="info") as client:
        assert text(await client.call_tool("logs", {})) == "logged"
        with anyio.move_on_after(3):
            while len(answering.levels) < 2:
                await anyio.sleep(0.01)
    assert answering.levels == ["info", "warning"]


async def test_the_user_is_asked(connected) -> None:
    answering = Answering()
    async with connected(answering) as client:
        assert text(await client.call_tool("ask_user", {})) == "Ada is 36"
    assert answering.asked == ["Who are you?"]


async def test_the_user_may_decline(connected) -> None:
    async with connected(Answering("decline")) as client:
        result = await client.call_tool("ask_user", {})
        assert result.is_error or text(result) == "decline"


async def test_the_model_is_asked(connected) -> None:
    answering = Answering()
    async with connected(answering) as client:
        assert text(await client.call_tool("ask_model", {"prompt": "What is it?"})) == "What is it?: 42"
    assert answering.asked == ["What is it?"]


async def test_roots_are_asked_for(connected) -> None:
    async with connected(Answering()) as client:
        assert text(await client.call_tool("ask_roots", {})) == "file:///home/a file:///home/b"


async def test_resources_and_templates_are_read(connected) -> None:
    async with connected() as client:
        uris = [str(item.uri) for item in (await client.list_resources()).resources]
        assert {"sdk://greeting", "sdk://image"} <= set(uris)
        assert (await client.read_resource("sdk://greeting")).contents[0].text == "hello"
        assert (await client.read_resource("sdk://image")).contents[0].blob
        templates = (await client.list_resource_templates()).resource_templates
        assert [item.uri_template for item in templates] == ["sdk://square/{number}"]
        assert (await client.read_resource("sdk://square/12")).contents[0].text == "144"


async def test_prompts_are_filled_and_arguments_completed(connected) -> None:
    async with connected() as client:
        assert [item.name for item in (await client.list_prompts()).prompts] == ["review"]
        assert (await client.get_prompt("review", {"code": "x"})).messages[0].content.text == "Review: x"
        references = (
            PromptReference(type="ref/prompt", name="review"),
            ResourceTemplateReference(type="ref/resource", uri="sdk://square/{number}"),
        )
        for reference in references:
            completed = await client.complete(reference, {"name": "code", "value": "py"})
            assert completed.completion.values == ["python", "pytorch"]


async def test_an_abandoned_call_is_cancelled_at_the_server(connected) -> None:
    async with connected() as client:
        before = int(text(await client.call_tool("abandoned", {})))
        with anyio.move_on_after(0.5):
            await client.call_tool("slow", {"seconds": 20})
        with anyio.fail_after(6):
            while int(text(await client.call_tool("abandoned", {}))) == before:
                await anyio.sleep(0.05)


async def test_a_new_tool_is_told_of_and_works(connected, case) -> None:
    kind, era, mode = case
    heard = anyio.Event()

    async def handle(message: object) -> None:
        if "tools/list_changed" in repr(message) or "ToolListChanged" in type(message).__name__:
            heard.set()

    async with connected(message_handler=handle) as client:
        before = {tool.name for tool in (await client.list_tools()).tools}
        if client.protocol_version == MODERN_VERSION:
            async with client.listen(tools_list_changed=True) as subscription:
                await client.call_tool("grow", {})
                with anyio.fail_after(6):
                    await anext(aiter(subscription))
        else:
            await client.call_tool("grow", {})
            with anyio.fail_after(6):
                await heard.wait()
        (added,) = {tool.name for tool in (await client.list_tools()).tools} - before
        assert text(await client.call_tool(added, {})) == "added"


async def test_an_update_of_a_resource_is_told(connected, case) -> None:
    kind, era, mode = case
    heard = anyio.Event()

    async def handle(message: object) -> None:
        if "ResourceUpdated" in type(message).__name__ or "resources/updated" in repr(message):
            heard.set()

    if (kind, era, mode) == ("direct", "modern", "legacy"):
        pytest.skip("the new SDK's server has no subscriptions for an older client")
    async with connected(message_handler=handle) as client:
        if client.protocol_version == MODERN_VERSION:
            async with client.listen(resource_subscriptions=["sdk://greeting"]) as subscription:
                await client.call_tool("touch", {})
                with anyio.fail_after(6):
                    event = await anext(aiter(subscription))
                assert str(event.uri) == "sdk://greeting"
            return
        await client.subscribe_resource("sdk://greeting")
        await client.call_tool("touch", {})
        with anyio.fail_after(6):
            await heard.wait()


@pytest.mark.parametrize("kind", ["direct-wire", "transparent-wire"])
@pytest.mark.parametrize("era", ERAS)
async def test_every_page_of_a_list_is_listed(urls, kind, era) -> None:
    async with Connection(urls[kind, era], "auto") as client:
        found, cursor = [], None
        while True:
            page = await client.list_tools(cursor=cursor)
            found += [tool.name for tool in page.tools]
            if (cursor := page.next_cursor) is None:
                break
    assert len(found) == len(set(found)) and {"test_simple_text", "test_task_input"} <= set(found)


@pytest.mark.parametrize("kind", ["direct-wire", "transparent-wire"])
async def test_a_stream_that_ends_in_mid_call_is_resumed(urls, kind) -> None:
    async with Connection(urls[kind, "legacy"], "legacy") as client:
        with anyio.fail_after(10):
            assert text(await client.call_tool("test_reconnection", {})) == "after the reconnection"


@pytest.mark.parametrize("kind", ["direct-wire", "transparent-wire"])
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("mode", MODES)
async def test_the_user_is_asked_to_open_a_page(urls, kind, era, mode) -> None:
    if (kind, era, mode) in (("direct-wire", "legacy", MODERN_VERSION), ("direct-wire", "modern", "legacy")):
        pytest.skip("the two do not speak one revision")
    answering = Answering()
    async with Connection(urls[kind, era], mode, **answering.options()) as client:
        assert (await client.call_tool("test_elicitation_url", {})).structured_content["action"] == "accept"
    assert answering.asked == ["Please sign in."]
