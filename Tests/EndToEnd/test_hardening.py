"""Requests from a page in a browser, too large, too slow or with bodies that are no plain JSON are refused.

Each test shows that nothing reached a server.
"""

import json
import socket

import pytest

from harness.raw import CALL, CHUNKED, HOST, chunked, exchange, length, ported, reached, request
from harness.wire import ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    gateway = shop.gateway({"servers.watch": shop.steered("watch", "--era", "modern")})
    assert ModernClient(gateway.port).call("watch__count").status == 200
    return gateway


HOSTS = [
    "example.org",
    "127.0.0.1",
    "localhost",
    "127.0.0.1:1",
    "localhost.example.org:{port}",
    "[::1]:{port}",
    "127.0.0.1:{port}@example.org",
    "0.0.0.0:{port}",
    "127.0.0.1.:{port}",
    "127.1:{port}",
]
ORIGINS = [
    "http://example.org",
    "null",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1",
    "http://localhost:1",
    "file://",
    "http://localhost:{port}.example.org",
    "http://127.0.0.1:{port}/",
]


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
    data = request(
        HOST % gateway.port,
        b"Origin: " + origin.format(port=gateway.port).encode(),
        length(),
        b"Connection: close",
    )
    answer, _ = exchange(gateway.port, data)
    assert answer.startswith(b"HTTP/1.1 403"), answer[:200]
    assert reached(gateway) == before


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_hosts_and_origins_are_served(gateway, name) -> None:
    answer = ModernClient(gateway.port).request(
        "tools/list", Host=f"{name}:{gateway.port}", Origin=f"http://{name.lower()}:{gateway.port}"
    )
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/metrics", "/-/reload"])
def test_the_admin_address_keeps_to_its_host_and_origin_too(gateway, path) -> None:
    for field in (
        b"Host: example.org",
        b"Host: 127.0.0.1:%d\r\nOrigin: http://example.org" % gateway.admin_port,
    ):
        verb = b"POST" if path == "/-/reload" else b"GET"
        data = (
            verb
            + b" "
            + path.encode()
            + b" HTTP/1.1\r\n"
            + field
            + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        assert exchange(gateway.admin_port, data)[0].startswith(b"HTTP/1.1 403")


SIZES = {
    "one long field": (request(HOST, length(), b"X-Field: " + b"a" * 200_000), (400, 431)),
    "many fields": (
        request(HOST, length(), *[b"X-Field-%d: a" % number for number in range(5000)]),
        (400, 431),
    ),
    "a long target": (
        request(HOST, length(), line=b"POST /" + b"a" * 200_000 + b" HTTP/1.1"),
        (400, 404, 414, 431),
    ),
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
    "a byte-order mark": b"\xef\xbb\xbf" + CALL,
    "UTF-16": CALL.decode().encode("utf-16"),
    "UTF-16 without a mark": CALL.decode().encode("utf-16-le"),
    "UTF-32": CALL.decode().encode("utf-32"),
    "bad UTF-8": CALL.replace(b"smuggled", b"smug\xffled"),
    "an overlong form": CALL.replace(b"smuggled", b"\xc0\xaf"),
    "a surrogate in UTF-8": CALL.replace(b"smuggled", b"\xed\xa0\x80"),
    "nothing": b"",
    "white space": b"  \n ",
    "two documents": CALL + CALL,
    "a second id": CALL.replace(b'"id": 1', b'"id": 1, "id": 2'),
    "a second method": CALL.replace(b'"id": 1', b'"id": 1, "method": "ping"'),
    "a second method with an escape": CALL.replace(b'"id": 1', b'"id": 1, "m\\u0065thod": "ping"'),
    "a second name": CALL.replace(
        b'"name": "watch__count"', b'"name": "watch__count", "name": "watch__echo"'
    ),
    "a second params": CALL.replace(b'"id": 1', b'"id": 1, "params": {}'),
    "a trailing comma": CALL[:-1] + b",}",
    "a comment": CALL[:-1] + b"/* x */}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_plain_json_is_refused(gateway, name) -> None:
    before = reached(gateway)
    body = BODIES[name]
    answer, _ = exchange(
        gateway.port, request(HOST % gateway.port, length(body), b"Connection: close", body=body)
    )
    assert answer.startswith(b"HTTP/1.1 400"), answer[:300]
    error = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert error["error"]["code"] in (-32700, -32600) and error["id"] is None
    assert reached(gateway) == before
