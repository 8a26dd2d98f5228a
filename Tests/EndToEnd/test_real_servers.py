"""Real servers from PyPI in both eras, through real clients: the official SDK of either generation."""

import http.server
import json
import subprocess
import threading

import pytest
from mcp.shared.exceptions import MCPError

from harness.configuration import real
from harness.legacy_sdk import LegacySDK, LegacySDKError
from harness.places import SUITE, eventually, free_port, program
from harness.sdk import MODES, Connection, text

PAGE = b"<html><head><title>Notes</title></head><body><h1>A page</h1><p>Words to fetch.</p></body></html>"


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = (404, b"") if self.path == "/robots.txt" else (200, PAGE)
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def page():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/page"
    server.shutdown()


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    repository = shop.directory / "repository"
    subprocess.run(["git", "init", "-q", "-b", "main", repository], check=True)
    (repository / "file.txt").write_text("text\n")
    for line in (
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "The first"],
    ):
        subprocess.run(["git", "-C", repository, *line], check=True)
    sections = {
        "servers.sqlite": real(
            "sqlite", "servers-legacy", "--db-path", shop.directory / "db.sqlite", sharing="shared"
        )
    }
    for era in ("legacy", "modern"):
        environment = f"servers-{era}"
        sections[f"servers.time-{era}"] = real(
            "time", environment, "--local-timezone", "UTC", sharing="shared"
        )
        sections[f"servers.git-{era}"] = real(
            "git", environment, "--repository", repository, sharing="shared"
        )
        sections[f"servers.fetch-{era}"] = real(
            "fetch", environment, "--ignore-robots-txt", "--allow-private-ips", sharing="shared"
        )
        port = free_port()
        shop.run([program(environment, "python"), SUITE / "servers" / "sdk_server.py", port], port)
        sections[f"servers.sdk-{era}"] = {"url": f"http://127.0.0.1:{port}/mcp"}
    gateway = shop.gateway(sections)
    gateway.repository = repository
    eventually(
        lambda: (
            {row["name"].split("__")[0] for row in gateway.listing("ls", "tools")}
            == {name.split(".")[1] for name in sections}
        ),
        60,
        "the tools of every server",
    )
    return gateway


@pytest.mark.anyio
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("era", ["legacy", "modern"])
class TestOfficialClient:
    async def test_the_time_is_told(self, gateway, mode, era) -> None:
        async with Connection(gateway.url, mode) as client:
            result = await client.call_tool(f"time-{era}__get_current_time", {"timezone": "Europe/Berlin"})
            assert json.loads(text(result))["timezone"] == "Europe/Berlin"

    async def test_the_repository_is_read(self, gateway, mode, era) -> None:
        async with Connection(gateway.url, mode) as client:
            arguments = {"repo_path": str(gateway.repository), "max_count": 1}
            assert "The first" in text(await client.call_tool(f"git-{era}__git_log", arguments))

    async def test_a_page_is_fetched(self, gateway, mode, era, page) -> None:
        async with Connection(gateway.url, mode) as client:
            result = await client.call_tool(f"fetch-{era}__fetch", {"url": page, "raw": True})
            assert "Words to fetch" in "".join(block.text for block in result.content)

    async def test_a_server_of_the_sdk_over_http_serves_tools_resources_and_prompts(
        self, gateway, mode, era
    ) -> None:
        async with Connection(gateway.url, mode) as client:
            assert text(await client.call_tool(f"sdk-{era}__add", {"a": 2, "b": 40})) == "42"
            steps: list[float] = []

            async def progressed(value: float, total: float | None, message: str | None) -> None:
                steps.append(value)

            await client.call_tool(f"sdk-{era}__steps", {"count": 3}, progress_callback=progressed)
            assert steps == [1, 2, 3]
            prompt = await client.get_prompt(f"sdk-{era}__review", {"code": "x"})
            assert prompt.messages[0].content.text == "Review: x"
            uris = [str(item.uri) for item in (await client.list_resources()).resources]
            assert any(uri.startswith("sdk://greeting") for uri in uris)

    async def test_a_tool_that_is_not_there_is_an_error(self, gateway, mode, era) -> None:
        async with Connection(gateway.url, mode) as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool(f"time-{era}__no_such_tool", {})
            assert caught.value.error.code == -32602

    async def test_the_transparent_path_serves_one_server_without_prefix(self, gateway, mode, era) -> None:
        async with Connection(gateway.url + f"/time-{era}", mode) as client:
            assert sorted(tool.name for tool in (await client.list_tools()).tools) == [
                "convert_time",
                "get_current_time",
            ]
            assert "UTC" in text(await client.call_tool("get_current_time", {"timezone": "UTC"}))


@pytest.mark.anyio
@pytest.mark.parametrize("mode", MODES)
async def test_sqlite_keeps_what_was_written(gateway, mode) -> None:
    table = "notes_" + mode.replace("-", "_")
    async with Connection(gateway.url, mode) as client:
        await client.call_tool("sqlite__create_table", {"query": f"create table {table} (word text)"})
        await client.call_tool("sqlite__write_query", {"query": f"insert into {table} values ('kept')"})
        result = await client.call_tool("sqlite__read_query", {"query": f"select word from {table}"})
        assert "kept" in text(result)
        prompts = (await client.list_prompts()).prompts
        assert "sqlite__mcp-demo" in [prompt.name for prompt in prompts]
        resources = (await client.list_resources()).resources
        assert "memo://insights" in [str(resource.uri).rstrip("/") for resource in resources]


@pytest.mark.parametrize("kind", ["http", "sse"])
def test_the_client_of_mcp_1_30_uses_every_server(gateway, page, kind) -> None:
    url = gateway.url if kind == "http" else gateway.url.removesuffix("/mcp") + "/sse"
    with LegacySDK(kind, url) as client:
        tools = [tool["name"] for tool in client.do("list_tools")["tools"]]
        for era in ("legacy", "modern"):
            assert {f"time-{era}__get_current_time", f"git-{era}__git_log", f"fetch-{era}__fetch"} <= set(
                tools
            )
            result = client.do(
                "call_tool", name=f"time-{era}__get_current_time", arguments={"timezone": "UTC"}
            )
            assert json.loads(result["content"][0]["text"])["timezone"] == "UTC"
            client.do("call_tool", name=f"sdk-{era}__steps", arguments={"count": 2}, with_progress=True)
            assert client.progress == [1, 2]
        contents = client.do("read_resource", uri="sdk://square/12")["contents"]
        assert contents[0]["text"] == "144"
        with pytest.raises(LegacySDKError) as caught:
            client.do("call_tool", name="nobody__nothing", arguments={})
        assert caught.value.code == -32602
        client.do("send_ping")
