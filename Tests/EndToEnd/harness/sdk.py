"""The official SDK as a client, with every message it is sent judged by the official schemas."""

import json
from collections.abc import AsyncIterator

import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from . import schemas
from .places import LEGACY_VERSIONS, MODERN_VERSION

MODES = ("auto", "legacy", MODERN_VERSION)


class Tee(httpx2.AsyncByteStream):
    """Hands an answer's bytes on and keeps them."""

    def __init__(self, stream: httpx2.AsyncByteStream, keep: bytearray) -> None:
        self.stream, self.keep = stream, keep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.stream:
            self.keep += part
            yield part

    async def aclose(self) -> None:
        await self.stream.aclose()


class Recorder(httpx2.AsyncHTTPTransport):
    """Keeps what was asked and answered on the way to the gateway."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self.exchanges: list[tuple[httpx2.Request, httpx2.Response, bytearray]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await super().handle_async_request(request)
        kept = bytearray()
        answer.stream = Tee(answer.stream, kept)
        self.exchanges.append((request, answer, kept))
        return answer

    def check(self) -> int:
        """Judges every message by the schema of its revision; gives their number."""
        count, version = 0, LEGACY_VERSIONS[-1]
        for request, answer, kept in self.exchanges:
            sent = json.loads(request.content) if request.content else {}
            modern = request.headers.get("mcp-protocol-version") == MODERN_VERSION
            for message in messages(answer, bytes(kept)):
                if sent.get("method") == "initialize" and "result" in message:
                    version = message["result"]["protocolVersion"]
                schemas.check_message(MODERN_VERSION if modern else version, message, sent.get("method"))
                count += 1
        return count


def messages(answer: httpx2.Response, body: bytes) -> list[dict]:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/event-stream"):
        lines = [
            line.removeprefix(b"data:").strip() for line in body.splitlines() if line.startswith(b"data:")
        ]
        complete = lines if body.endswith((b"\n\n", b"\r\n\r\n")) else lines[:-1]
        return [json.loads(line) for line in complete if line]
    return [json.loads(body)] if kind.startswith("application/json") and body else []


class Connection:
    """`async with Connection(url, mode) as client`: the SDK's client; judges its messages at the end."""

    def __init__(self, url: str, mode: str = "auto", **options: object) -> None:
        self.recorder = Recorder()
        timeout = httpx2.Timeout(30, read=60)
        self.http = httpx2.AsyncClient(transport=self.recorder, timeout=timeout)
        transport = streamable_http_client(url, http_client=self.http)
        self.client = Client(transport, mode=mode, read_timeout_seconds=30, cache=None, **options)

    async def __aenter__(self) -> Client:
        await self.http.__aenter__()
        return await self.client.__aenter__()

    async def __aexit__(self, *details: object) -> None:
        await self.client.__aexit__(*details)
        await self.http.__aexit__(*details)
        if details[0] is None:
            assert self.recorder.check() > 0


def text(result: object) -> str:
    """The text of a tool result's first block."""
    return result.content[0].text
