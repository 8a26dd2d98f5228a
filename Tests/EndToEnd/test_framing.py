"""Requests that two parsers could read differently are refused, and reach no server."""

import time

import pytest

from harness.raw import CALL, CHUNKED, HOST, chunked, exchange, length, ported, reached, request
from harness.wire import ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    gateway = shop.gateway({"servers.watch": shop.steered("watch", "--era", "modern")})
    assert ModernClient(gateway.port).call("watch__count").status == 200
    return gateway


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
    "a chunk size beyond 64 bits": request(
        HOST, CHUNKED, body=b"fffffffffffffffff\r\n" + CALL + b"\r\n0\r\n\r\n"
    ),
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
