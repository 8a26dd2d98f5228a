"""Requests written byte by byte, to be sent over a plain socket."""

import json
import socket

from .wire import BOTH_TYPES

CALL = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "watch__count",
            "arguments": {"smuggled": True},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    }
).encode()
FIELDS = [
    b"Content-Type: application/json",
    b"Accept: " + BOTH_TYPES.encode(),
    b"MCP-Protocol-Version: 2026-07-28",
    b"Mcp-Method: tools/call",
    b"Mcp-Name: watch__count",
]


HOST = b"Host: 127.0.0.1:%d"
CHUNKED = b"Transfer-Encoding: chunked"


def request(
    *fields: bytes, line: bytes = b"POST /mcp HTTP/1.1", body: bytes = CALL, end: bytes = b"\r\n"
) -> bytes:
    return end.join([line, *FIELDS, *fields]) + end + end + body


def length(body: bytes = CALL) -> bytes:
    return b"Content-Length: %d" % len(body)


def chunked(body: bytes = CALL) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def exchange(port: int, data: bytes, patience: float = 3) -> tuple[bytes, bool]:
    """What comes back for these bytes, and whether the connection was closed by the gateway."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        connection.sendall(data)
        answer = b""
        while True:
            try:
                part = connection.recv(65536)
            except TimeoutError:
                return answer, False
            except ConnectionResetError:
                return answer, True
            if not part:
                return answer, True
            answer += part


def ported(data: bytes, port: int) -> bytes:
    """The bytes with the gateway's port in their Host fields."""
    return data.replace(HOST, HOST % port)


def reached(gateway) -> int:
    return len(gateway.received("watch", "tools/call"))
