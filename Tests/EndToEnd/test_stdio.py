"""Clients over standard input and output: `attune connect` to a running gateway, and `attune run --stdio`."""

import fcntl
import json
import os
import pty
import select
import subprocess
import time
import tty

import pytest
from mcp import StdioServerParameters
from mcp.client import Client

from harness import schemas
from harness.legacy_sdk import LegacySDK
from harness.places import binary
from harness.sdk import MODES, text
from harness.wire import META

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    },
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
LIST = {"jsonrpc": "2.0", "id": "list", "method": "tools/list"}


def call(identifier: object, name: str, **arguments: object) -> dict:
    return {
        "jsonrpc": "2.0",
        "id": identifier,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }


def modern(message: dict) -> dict:
    meta = {META + "protocolVersion": "2026-07-28", META + "clientCapabilities": {}}
    return message | {"params": message.get("params", {}) | {"_meta": meta}}


def lines(*messages: dict) -> bytes:
    return b"".join(json.dumps(message).encode() + b"\n" for message in messages)


@pytest.fixture(params=["connect", "run"])
def started(request, workshop):
    """A command line that speaks MCP on its standard streams, and the gateway whose configuration it has."""
    gateway = workshop.gateway(
        {
            "servers.legacy": workshop.steered("legacy", "--era", "legacy"),
            "servers.modern": workshop.steered("modern", "--era", "modern"),
        },
        start=request.param == "connect",
    )
    (gateway.directory / "home").mkdir(exist_ok=True)
    more = ["connect"] if request.param == "connect" else ["run", "--stdio"]
    return [str(binary()), *more, "--config", str(gateway.file)], gateway


def run(started, data: bytes, **options: object) -> subprocess.CompletedProcess:
    line, gateway = started
    return subprocess.run(
        line,
        input=data,
        capture_output=True,
        timeout=40,
        env=gateway.environment(),
        cwd=gateway.directory,
        **options,
    )


def by_id(output: bytes) -> dict:
    return {message["id"]: message for message in map(json.loads, output.splitlines()) if "id" in message}


def test_a_pipe_is_served_to_its_end(started) -> None:
    done = run(
        started,
        lines(INITIALIZE, INITIALIZED, call(2, "legacy__echo", a=1), call("3", "modern__echo", b=2), LIST),
    )
    assert done.returncode == 0, done.stderr.decode()
    answers = by_id(done.stdout)
    assert json.loads(answers[2]["result"]["content"][0]["text"]) == {"a": 1}
    assert json.loads(answers["3"]["result"]["content"][0]["text"]) == {"b": 2}
    assert {"legacy__echo", "modern__echo"} <= {tool["name"] for tool in answers["list"]["result"]["tools"]}
    schemas.check_message("2025-11-25", answers["list"], "tools/list")


def test_modern_requests_are_served_without_a_handshake(started) -> None:
    done = run(
        started,
        lines(
            modern({"jsonrpc": "2.0", "id": 1, "method": "server/discover"}),
            modern(call(2, "legacy__echo", a=1)),
            modern(LIST),
        ),
    )
    answers = by_id(done.stdout)
    for identifier, method in ((1, "server/discover"), (2, "tools/call"), ("list", "tools/list")):
        schemas.check_message("2026-07-28", answers[identifier], method)
    assert answers[2]["result"]["resultType"] == "complete"


def test_a_regular_file_is_served_to_its_end(started, tmp_path) -> None:
    line, gateway = started
    source, sink = tmp_path / "in", tmp_path / "out"
    source.write_bytes(lines(INITIALIZE, INITIALIZED, call(2, "modern__echo", a=1)))
    with source.open("rb") as reading, sink.open("wb") as writing:
        done = subprocess.run(line, stdin=reading, stdout=writing, timeout=40, env=gateway.environment())
    assert done.returncode == 0
    assert json.loads(by_id(sink.read_bytes())[2]["result"]["content"][0]["text"]) == {"a": 1}


def test_dev_null_ends_at_once(started) -> None:
    line, gateway = started
    done = subprocess.run(
        line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=20, env=gateway.environment()
    )
    assert done.returncode == 0


def test_a_terminal_is_served_and_left_blocking(started) -> None:
    line, gateway = started
    controller, terminal = pty.openpty()
    tty.setraw(terminal)
    process = subprocess.Popen(
        line, stdin=terminal, stdout=terminal, stderr=subprocess.DEVNULL, env=gateway.environment()
    )
    os.write(controller, lines(INITIALIZE, INITIALIZED, call(2, "modern__echo", a=1)))
    seen, deadline = b"", time.monotonic() + 20
    while b'"id":2' not in seen.replace(b" ", b"") or not seen.endswith(b"\n"):
        assert time.monotonic() < deadline, seen
        if select.select([controller], [], [], 0.1)[0]:
            seen += os.read(controller, 65536)
    assert not fcntl.fcntl(terminal, fcntl.F_GETFL) & os.O_NONBLOCK
    process.terminate()
    process.wait(10)
    os.close(controller)
    os.close(terminal)


def test_bad_lines_are_answered_and_the_next_line_is_served(started) -> None:
    deep = b"[" * 200_000
    data = (
        b"this is not JSON\n\n[]\n42\n"
        + deep
        + b'\n{"jsonrpc":"1.0","id":5,"method":"ping"}\n'
        + lines(INITIALIZE)
    )
    done = run(started, data)
    codes = [
        message["error"]["code"]
        for message in map(json.loads, done.stdout.splitlines())
        if "error" in message
    ]
    assert codes.count(-32700) >= 1 and set(codes) <= {-32700, -32600, 1005}
    assert by_id(done.stdout)[1]["result"]["protocolVersion"] == "2025-11-25"


def test_nothing_but_messages_is_on_standard_output(started) -> None:
    done = run(started, lines(INITIALIZE, INITIALIZED, call(2, "legacy__log")))
    for line in done.stdout.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"


@pytest.mark.anyio
@pytest.mark.parametrize("mode", MODES)
async def test_the_official_client_starts_it(started, mode) -> None:
    line, gateway = started
    parameters = StdioServerParameters(command=line[0], args=line[1:], env=gateway.environment())
    async with Client(parameters, mode=mode, read_timeout_seconds=30) as client:
        assert {"legacy__echo", "modern__echo"} <= {tool.name for tool in (await client.list_tools()).tools}
        assert text(await client.call_tool("legacy__echo", {"a": 1})) == '{"a": 1}'


def test_the_client_of_mcp_1_30_starts_it(started) -> None:
    line, gateway = started
    with LegacySDK("stdio", *line, environment=gateway.environment()) as client:
        client.do(
            "call_tool", name="modern__progress", arguments={"count": 3, "interval": 0}, with_progress=True
        )
        assert client.progress == [1, 2, 3]


def test_a_client_that_hides_its_environment_still_connects(workshop) -> None:
    """The official SDKs start a server with a handful of variables, XDG_RUNTIME_DIR not among them."""
    gateway = workshop.gateway({"servers.a": workshop.steered("a")})
    environment = {"HOME": str(gateway.directory / "home"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [binary(), "connect", "--config", gateway.file],
        input=lines(INITIALIZE),
        capture_output=True,
        timeout=40,
        env=environment,
    )
    assert by_id(done.stdout)[1]["result"]["protocolVersion"] == "2025-11-25", done.stderr.decode()


def test_a_connection_without_a_gateway_fails_with_a_reason(workshop) -> None:
    gateway = workshop.gateway({"servers.a": workshop.steered("a")}, start=False)
    (gateway.directory / "home").mkdir(exist_ok=True)
    done = subprocess.run(
        [binary(), "connect", "--config", gateway.file],
        input=lines(INITIALIZE),
        capture_output=True,
        timeout=40,
        env=gateway.environment(),
    )
    assert done.returncode == 1 and str(gateway.port).encode() in done.stderr
