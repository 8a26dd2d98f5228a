"""The steered servers keep to the protocol, so that a failure behind the gateway is the gateway's."""

import json
import subprocess

import pytest

from harness.legacy_sdk import LegacySDK
from harness.places import SUITE
from harness.sdk import MODES, Connection, text
from harness.wire import LegacyClient, ModernClient


@pytest.fixture(scope="module")
def port(module_workshop) -> int:
    return int(module_workshop.steered_http("direct")["url"].split(":")[2].split("/")[0])


@pytest.mark.anyio
@pytest.mark.parametrize("mode", MODES)
async def test_the_official_client_talks_to_the_steered_server_over_http(port: int, mode: str) -> None:
    async with Connection(f"http://127.0.0.1:{port}/mcp", mode) as client:
        tools = (await client.list_tools()).tools
        assert "echo" in [tool.name for tool in tools]
        assert text(await client.call_tool("echo", {"a": 1})) == '{"a": 1}'
        steps: list[float] = []

        async def progressed(value: float, total: float | None, message: str | None) -> None:
            steps.append(value)

        await client.call_tool("progress", {"count": 3, "interval": 0.01}, progress_callback=progressed)
        assert steps == [1, 2, 3]
        assert (await client.read_resource("steered://direct/one")).contents[0].text == "content of one"
        regional = await client.call_tool("regional", {"region": "eu"})
        assert text(regional) == "region eu"


def test_the_client_of_mcp_1_30_talks_to_the_steered_server_over_stdio() -> None:
    import sys

    with LegacySDK(
        "stdio", sys.executable, str(SUITE / "servers" / "stdio_server.py"), "--era", "legacy"
    ) as client:
        assert client.initialization["protocolVersion"] == "2025-11-25"
        done = client.do(
            "call_tool", name="progress", arguments={"count": 2, "interval": 0}, with_progress=True
        )
        assert done["content"][0]["text"] == "2 steps"
        assert client.progress == [1, 2]


@pytest.mark.parametrize("kind", [LegacyClient, ModernClient])
def test_the_bytes_of_a_result_are_seen_as_the_server_wrote_them(port: int, kind: type) -> None:
    client = kind(port).initialize()
    answer = client.call("exact")
    assert b"1.50E+02" in answer.raw_result and answer.raw_result.endswith(b'"resultType" : "complete" }')


def test_a_wrong_header_is_refused_by_the_modern_server(port: int) -> None:
    answer = ModernClient(port).request("tools/call", {"name": "echo", "arguments": {}}, Mcp_Name="other")
    assert (answer.status, answer.error["code"]) == (400, -32020)


def test_pages_follow_each_other_over_stdio(tmp_path) -> None:
    line = [
        "python3",
        str(SUITE / "servers" / "stdio_server.py"),
        "--pages",
        "7",
        "--record",
        str(tmp_path / "record"),
    ]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(method: str, params: dict) -> dict:
        process.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"
        )
        process.stdin.flush()
        return json.loads(process.stdout.readline())["result"]

    ask(
        "initialize",
        {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    )
    names, cursor = [], {}
    while True:
        page = ask("tools/list", cursor)
        assert len(page["tools"]) <= 7
        names += [tool["name"] for tool in page["tools"]]
        if "nextCursor" not in page:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert len(names) == len(set(names)) > 14
    process.stdin.close()
    assert process.wait(5) == 0
