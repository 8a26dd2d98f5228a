"""Holds many idle and some active clients at once, and measures what a connection costs (`make soak`).

Idle clients are half sessions with an open event stream and half modern requests that listen for changes;
active clients call a tool again and again on connections of their own. Exits 1 on any error, or above
the bound of memory.
"""

import argparse
import asyncio
import json
import os
import pathlib
import resource
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness.configuration import steered  # noqa: E402
from harness.gateway import Gateway  # noqa: E402
from harness.wire import BOTH_TYPES, META, LegacyClient  # noqa: E402

MODERN_META = {META + "protocolVersion": "2026-07-28", META + "clientCapabilities": {}}


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def request(port: int, body: dict, fields: dict) -> bytes:
    data = json.dumps(body).encode()
    head = {
        "Host": f"127.0.0.1:{port}",
        "Content-Type": "application/json",
        "Accept": BOTH_TYPES,
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": body["method"],
        "Content-Length": str(len(data)),
    } | fields
    return (
        b"POST /mcp HTTP/1.1\r\n"
        + "".join(f"{name}: {text}\r\n" for name, text in head.items()).encode()
        + b"\r\n"
        + data
    )


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the first bytes of an answer's body."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return head, await reader.readexactly(int(line.split(b":")[1]))
    return head, b""


async def idle(
    port: int, number: int, sessions: list[str]
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Opens a stream that waits: of a session if there is one for it, else of a modern listening request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    if sessions:
        head = f"GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\nMcp-Session-Id: "
        writer.write(f"{head}{sessions.pop()}\r\nMCP-Protocol-Version: 2025-11-25\r\n\r\n".encode())
    else:
        body = {
            "jsonrpc": "2.0",
            "id": number,
            "method": "subscriptions/listen",
            "params": {"notifications": {"toolsListChanged": True}, "_meta": MODERN_META},
        }
        writer.write(request(port, body, {}))
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(head[:100])
    return reader, writer


async def active(port: int, until: float, counts: dict) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    while time.monotonic() < until:
        number += 1
        body = {
            "jsonrpc": "2.0",
            "id": number,
            "method": "tools/call",
            "params": {"name": "soak__echo", "arguments": {"number": number}, "_meta": MODERN_META},
        }
        writer.write(request(port, body, {"Mcp-Name": "soak__echo"}))
        head, data = await answer(reader)
        if not head.startswith(b"HTTP/1.1 200") or json.loads(data)["result"].get("isError"):
            raise ConnectionError(head[:100] + data[:200])
        counts["calls"] += 1
        await asyncio.sleep(0.5)
    writer.close()


async def soak(gateway: Gateway, options: argparse.Namespace) -> dict:
    pid, counts = gateway.process.pid, {"calls": 0}
    warm = time.monotonic() + 3
    await asyncio.gather(*[active(gateway.port, warm, counts) for _ in range(50)])
    before = resident(pid)
    sessions = [LegacyClient(gateway.port).initialize().session for _ in range(options.idle // 2)]
    streams = []
    for start in range(0, options.idle, 200):
        group = range(start, min(start + 200, options.idle))
        streams += await asyncio.gather(*[idle(gateway.port, number, sessions) for number in group])
    await asyncio.sleep(2)
    each = (resident(pid) - before) / options.idle
    until = time.monotonic() + options.seconds
    counts["calls"] = 0
    await asyncio.gather(*[active(gateway.port, until, counts) for _ in range(options.active)])
    lost = sum(reader.at_eof() for reader, _ in streams)
    for _, writer in streams:
        writer.close()
    return {
        "idle": options.idle,
        "active": options.active,
        "calls": counts["calls"],
        "lost_streams": lost,
        "bytes_per_connection": round(each),
        "resident_bytes": resident(pid),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--active", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--bound", type=int, default=16 * 1024, help="bytes of memory for a connection")
    options = parser.parse_args()
    os.environ["ATTUNE_BINARY"] = str(options.binary)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = options.idle + options.active + 500
    if most != resource.RLIM_INFINITY and most < needed:
        print(f"error: {needed} open files are needed and {most} are allowed (ulimit -Hn)", file=sys.stderr)
        return 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        gateway = Gateway(
            directory,
            {
                "core": {"max_connections": options.idle + options.active + 100},
                "servers.soak": steered(
                    "soak", directory, "--era", "modern", timeout_ms=30_000, max_concurrency=512
                ),
            },
        )
        gateway.start()
        try:
            figures = asyncio.run(soak(gateway, options))
        finally:
            gateway.stop()
    print(json.dumps(figures))
    good = figures["lost_streams"] == 0 and figures["bytes_per_connection"] <= options.bound
    print(
        "held" if good else f"missed: a connection may take {options.bound} bytes, and no stream may be lost",
        file=sys.stderr,
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
