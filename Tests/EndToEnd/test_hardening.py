"""Requests that two parsers could read differently, or that come from a page in a browser: refused, and shown to
have reached no server."""

import json
import socket
import time

import pytest
from harness.places import SHARED
from harness.wire import BOTH_TYPES, LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    gateway = shop.gateway({"servers.watch": shop.steered("watch", "--era", "modern")})
    assert ModernClient(gateway.port).call("watch__count").status == 200
    return gateway


CALL = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
    "name": "watch__count", "arguments": {"smuggled": True}, "_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}}}).encode()
FIELDS = [b"Content-Type: application/json", b"Accept: " + BOTH_TYPES.encode(), b"MCP-Protocol-Version: 2026-07-28",
          b"Mcp-Method: tools/call", b"Mcp-Name: watch__count"]


def request(*fields: bytes, line: bytes = b"POST /mcp HTTP/1.1", body: bytes = CALL, end: bytes = b"\r\n") -> bytes:
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


HOST = b"Host: 127.0.0.1:%d"
CHUNKED = b"Transfer-Encoding: chunked"

FRAMING = {
    "two lengths": request(HOST, length(), b"Content-Length: 3"),
    "two equal lengths": request(HOST, length(), length()),
    "a list of lengths": request(HOST, length() + b", %d" % len(CALL)),
    "a length with chunks": request(HOST, length(), CHUNKED, body=chunked()),
    "chunks with a length": request(HOST, CHUNKED, length(), body=chunked()),
    "a negative length": request(HOST, b"Content-Length: -1"),
    "a length with a sign": request(HOST, b"Content-Length: +%d" % len(CALL)),
    "a length in hexadecimal": request(HOST, b"Content-Length: 0x%x" % len(CALL)),
    "a length beyond 64 bits": request(HOST, b"Content-Length: 99999999999999999999999"),
    "an empty length": request(HOST, b"Content-Length:"),
    "a space before the colon": request(HOST, b"Content-Length : %d" % len(CALL)),
    "a bare line feed": request(HOST, length(), end=b"\n"),
    "a bare carriage return in a field": request(HOST, length(), b"X-Field: a\rb"),
    "a NUL in a field": request(HOST, length(), b"X-Field: a\0b"),
    "an obsolete folding": request(HOST, length(), b"X-Field: a\r\n b"),
    "a field without a colon": request(HOST, length(), b"X-Field"),
    "a field without a name": request(HOST, length(), b": value"),
    "a name with a space": request(HOST, length(), b"X Field: value"),
    "no host": request(length()),
    "two hosts": request(HOST, HOST, length()),
    "two different hosts": request(HOST, b"Host: example.org", length()),
    "an empty host": request(b"Host:", length()),
    "chunks over HTTP/1.0": request(HOST, CHUNKED, line=b"POST /mcp HTTP/1.0", body=chunked()),
    "an unknown coding": request(HOST, b"Transfer-Encoding: gzip", body=chunked()),
    "a coding before chunked": request(HOST, b"Transfer-Encoding: gzip, chunked", body=chunked()),
    "a coding after chunked": request(HOST, b"Transfer-Encoding: chunked, identity", body=chunked()),
    "chunked twice": request(HOST, CHUNKED, CHUNKED, body=chunked()),
    "chunked twice in one field": request(HOST, b"Transfer-Encoding: chunked, chunked", body=chunked()),
    "chunked with a vertical tab": request(HOST, b"Transfer-Encoding: \x0bchunked", body=chunked()),
    "a misspelt chunked": request(HOST, b"Transfer-Encoding: xchunked", body=chunked()),
    "a chunk size that is no number": request(HOST, CHUNKED, body=b"zz\r\n" + CALL + b"\r\n0\r\n\r\n"),
    "a chunk size with a prefix": request(HOST, CHUNKED, body=b"0x%x\r\n%s\r\n0\r\n\r\n" % (len(CALL), CALL)),
    "a negative chunk size": request(HOST, CHUNKED, body=b"-1\r\n" + CALL + b"\r\n0\r\n\r\n"),
    "a chunk size beyond 64 bits": request(HOST, CHUNKED, body=b"fffffffffffffffff\r\n" + CALL + b"\r\n0\r\n\r\n"),
    "a chunk without its end": request(HOST, CHUNKED, body=b"%x\r\n%sXX0\r\n\r\n" % (len(CALL), CALL)),
    "HTTP/0.9": b"POST /mcp\r\n\r\n",
    "HTTP/2.0 in a line": request(HOST, length(), line=b"POST /mcp HTTP/2.0"),
    "HTTP/1.10": request(HOST, length(), line=b"POST /mcp HTTP/1.10"),
    "a target with a space": request(HOST, length(), line=b"POST /mcp /more HTTP/1.1"),
    "a target of another host": request(HOST, length(), line=b"POST http://example.org/mcp HTTP/1.1"),
    "no verb": request(HOST, length(), line=b" /mcp HTTP/1.1"),
    "TLS on a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", FRAMING)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(gateway, name) -> None:
    before, begun = reached(gateway), time.monotonic()
    answer, closed = exchange(gateway.port, ported(FRAMING[name], gateway.port))
    assert closed, f"still open after {answer[:200]!r}"
    assert time.monotonic() - begun < 2
    if answer:
        status = int(answer.split(b" ", 2)[1])
        assert status in (400, 403, 404, 414, 417, 421, 431, 501, 505), answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1
    assert reached(gateway) == before


def test_the_same_request_well_framed_reaches_the_server(gateway) -> None:
    before = reached(gateway)
    for data in (request(HOST, length()), request(HOST, CHUNKED, body=chunked())):
        data = ported(data, gateway.port).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
        answer, _ = exchange(gateway.port, data)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
    assert reached(gateway) == before + 2


def test_a_second_request_behind_a_refused_one_is_not_served(gateway) -> None:
    before = reached(gateway)
    good = request(HOST % gateway.port, length())
    for name in ("two lengths", "a length with chunks", "two hosts", "a misspelt chunked"):
        exchange(gateway.port, ported(FRAMING[name], gateway.port) + good)
    assert reached(gateway) == before


HOSTS = ["example.org", "127.0.0.1", "localhost", "127.0.0.1:1", "localhost.example.org:{port}", "[::1]:{port}",
         "127.0.0.1:{port}@example.org", "0.0.0.0:{port}", "127.0.0.1.:{port}", "127.1:{port}"]
ORIGINS = ["http://example.org", "null", "https://127.0.0.1:{port}", "http://127.0.0.1", "http://localhost:1", "file://",
           "http://localhost:{port}.example.org", "http://127.0.0.1:{port}/"]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_forbidden(gateway, host) -> None:
    before = reached(gateway)
    data = request(b"Host: " + host.format(port=gateway.port).encode(), length(), b"Connection: close")
    answer, _ = exchange(gateway.port, data)
    assert answer.split(b" ", 2)[1] in (b"403", b"400"), answer[:200]
    if host == "example.org":
        assert answer.startswith(b"HTTP/1.1 403")
    assert reached(gateway) == before


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_origin_is_forbidden(gateway, origin) -> None:
    before = reached(gateway)
    data = request(HOST % gateway.port, b"Origin: " + origin.format(port=gateway.port).encode(), length(), b"Connection: close")
    answer, _ = exchange(gateway.port, data)
    assert answer.startswith(b"HTTP/1.1 403"), answer[:200]
    assert reached(gateway) == before


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_hosts_and_origins_are_served(gateway, name) -> None:
    answer = ModernClient(gateway.port).request(
        "tools/list", Host=f"{name}:{gateway.port}", Origin=f"http://{name.lower()}:{gateway.port}")
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/metrics", "/-/reload"])
def test_the_admin_address_keeps_to_its_host_and_origin_too(gateway, path) -> None:
    for field in (b"Host: example.org", b"Host: 127.0.0.1:%d\r\nOrigin: http://example.org" % gateway.admin_port):
        verb = b"POST" if path == "/-/reload" else b"GET"
        data = verb + b" " + path.encode() + b" HTTP/1.1\r\n" + field + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        assert exchange(gateway.admin_port, data)[0].startswith(b"HTTP/1.1 403")


SIZES = {
    "one long field": (request(HOST, length(), b"X-Field: " + b"a" * 200_000), (400, 431)),
    "many fields": (request(HOST, length(), *[b"X-Field-%d: a" % number for number in range(5000)]), (400, 431)),
    "a long target": (request(HOST, length(), line=b"POST /" + b"a" * 200_000 + b" HTTP/1.1"), (400, 404, 414, 431)),
    "a large body by its length": (request(HOST, b"Content-Length: 4294967296"), (413,)),
    "a large body in chunks": (request(HOST, CHUNKED, body=chunked(b" " * (5 << 20))), (413,)),
}


@pytest.mark.parametrize("name", SIZES)
def test_what_is_too_large_is_refused(gateway, name) -> None:
    before = reached(gateway)
    data, statuses = SIZES[name]
    try:
        answer, _ = exchange(gateway.port, ported(data, gateway.port))
    except (ConnectionResetError, BrokenPipeError):
        answer = b""
    assert not answer or int(answer.split(b" ", 2)[1]) in statuses, answer[:200]
    assert reached(gateway) == before


def test_a_client_that_sends_its_request_slowly_keeps_nobody_waiting(gateway) -> None:
    slow = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1")
    assert ModernClient(gateway.port, timeout=5).call("watch__count").status == 200
    [connection.close() for connection in slow]


BODIES = {
    "a byte-order mark": b"\xef\xbb\xbf" + CALL, "UTF-16": CALL.decode().encode("utf-16"),
    "UTF-16 without a mark": CALL.decode().encode("utf-16-le"), "UTF-32": CALL.decode().encode("utf-32"),
    "bad UTF-8": CALL.replace(b"smuggled", b"smug\xffled"), "an overlong form": CALL.replace(b"smuggled", b"\xc0\xaf"),
    "a surrogate in UTF-8": CALL.replace(b"smuggled", b"\xed\xa0\x80"), "nothing": b"", "white space": b"  \n ",
    "two documents": CALL + CALL, "a second id": CALL.replace(b'"id": 1', b'"id": 1, "id": 2'),
    "a second method": CALL.replace(b'"id": 1', b'"id": 1, "method": "ping"'),
    "a second method with an escape": CALL.replace(b'"id": 1', b'"id": 1, "m\\u0065thod": "ping"'),
    "a second name": CALL.replace(b'"name": "watch__count"', b'"name": "watch__count", "name": "watch__echo"'),
    "a second params": CALL.replace(b'"id": 1', b'"id": 1, "params": {}'), "a trailing comma": CALL[:-1] + b",}",
    "a comment": CALL[:-1] + b"/* x */}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_plain_json_is_refused(gateway, name) -> None:
    before = reached(gateway)
    body = BODIES[name]
    answer, _ = exchange(gateway.port, request(HOST % gateway.port, length(body), b"Connection: close", body=body))
    assert answer.startswith(b"HTTP/1.1 400"), answer[:300]
    error = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert error["error"]["code"] in (-32700, -32600) and error["id"] is None
    assert reached(gateway) == before
