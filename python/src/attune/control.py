"""The conversation by which a program attaches: a TLS connection on a Unix socket, and descriptors on
another.

The control connection speaks lines of JSON over mutual TLS and stays open for as long as the program is
attached. What it hands out is a token, which a second, plain connection exchanges for the descriptors of the
segments (SCM_RIGHTS); this process's own segment goes the other way with the token.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from attune import layout
from attune.configuration import GatewayPlaces
from attune.errors import AttachProtocolError, AttachRefused, GatewayNotFound, SegmentError
from attune.segment import Segment

GATEWAY_NAME: Final = "gateway.attune.internal"
TOKEN_BYTES: Final = 64
MAXIMUM_LINE_BYTES: Final = 65536
MAXIMUM_DESCRIPTORS: Final = 16
MAXIMUM_SEGMENTS: Final = 16
#: For each answer of the gateway.
TIMEOUT: Final = 5.0
#: Other workers' segments come too; nothing of theirs is read, so a damaged one disturbs nobody.
_READ_KINDS: Final = ("core", "learner")
_CREDENTIALS: Final = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Grant:
    """The sizes that this process's own segment may have."""

    segment_bytes: int
    lane_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """The gateway's answer to a request that it takes."""

    token: str
    grant: Grant | None
    generation: int
    descriptors: str


def connect(path: Path) -> socket.socket:
    """A connection to a socket of a process of this user.

    :raises GatewayNotFound: if nobody answers there.
    :raises AttachRefused: if another user's process does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    connection.settimeout(TIMEOUT)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        reason = error.strerror or str(error)
        raise GatewayNotFound(str(path), f"{reason}; start `attune run`, or set ATTUNE_CONFIG") from error
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user = _CREDENTIALS.unpack(credentials)[1]
    if user != os.geteuid():
        connection.close()
        raise AttachRefused("wrong_user", f"{path} belongs to user {user}")
    return connection


def context(certificates: Path) -> ssl.SSLContext:
    """TLS as a worker: the gateway's authority is the only one, and the gateway must have its name.

    :raises AttachRefused: if the certificates cannot be read.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        made.load_verify_locations(certificates / "ca.pem")
        made.load_cert_chain(certificates / "worker.pem", certificates / "worker.key")
    except (OSError, ssl.SSLError) as error:
        reason = f"{certificates}: ca.pem, worker.pem or worker.key cannot be used: {error}"
        raise AttachRefused("no_certificate", reason) from error
    return made


class Control:
    """The control connection."""

    def __init__(self, places: GatewayPlaces) -> None:
        """Connects and shakes hands.

        :raises AttachError: if the gateway is not there, or one side does not trust the other.
        """
        plain = connect(places.control)
        try:
            self._tls = context(places.certificates).wrap_socket(plain, server_hostname=GATEWAY_NAME)
        except (OSError, ssl.SSLError) as error:
            plain.close()
            raise AttachRefused("not_trusted", _reason(error)) from error
        except BaseException:
            plain.close()
            raise
        self._received = bytearray()

    def request(self, role: str, name: str) -> Offer:
        """Asks to attach.

        :raises AttachRefused: with the gateway's code.
        :raises AttachProtocolError: if its answer is not understood.
        """
        asked = {"role": role, "name": name, "layout": list(layout.SUPPORTED_LAYOUTS), "pid": os.getpid()}
        try:
            self._tls.sendall(json.dumps({"attach": asked}, separators=(",", ":")).encode() + b"\n")
            line = self.line(TIMEOUT)
        except OSError as error:
            # In TLS 1.3 a server tells that it does not trust a client only after the handshake.
            raise AttachRefused("not_trusted", _reason(error)) from error
        if line is None:
            raise AttachProtocolError("no answer came in time")
        return _offer(line)

    def line(self, timeout: float) -> dict[str, Any] | None:
        """The gateway's next line; None when there was none in time.

        :raises OSError: if the connection broke or was closed.
        :raises AttachProtocolError: if it is too long, or no object of JSON.
        """
        ends = time.monotonic() + timeout
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > MAXIMUM_LINE_BYTES:
                raise AttachProtocolError("a line is too long")
            rest = ends - time.monotonic()
            if rest <= 0:
                return None
            self._tls.settimeout(rest)
            try:
                more = self._tls.recv(16384)
            except TimeoutError:
                return None
            if not more:
                raise ConnectionResetError("the gateway closed the connection")
            self._received += more
        raw = bytes(self._received[:end])
        del self._received[: end + 1]
        return _object(raw)

    def close(self) -> None:
        """Ends the attachment."""
        with contextlib.suppress(OSError):
            self._tls.close()


def fetch(path: Path, token: str, own: int | None) -> list[Segment]:
    """Exchanges a token, with this process's own segment, for the segments of the others.

    :raises AttachError: if the gateway does not answer, or with anything but segments that can be read.
    """
    raw = token.encode("ascii", "replace")
    if len(raw) != TOKEN_BYTES:
        raise AttachProtocolError(f"a token of {len(raw)} bytes")
    descriptors: list[int] = []
    connection = connect(path)
    try:
        socket.send_fds(connection, [raw], [] if own is None else [own])
        size = int.from_bytes(_receive(connection, 4, descriptors), "little")
        if size > MAXIMUM_LINE_BYTES:
            raise AttachProtocolError("the list of segments is too long")
        manifest = _object(_receive(connection, size, descriptors))
        return list(_segments(manifest, descriptors))
    except OSError as error:
        raise AttachProtocolError(f"fetching the segments failed: {_reason(error)}") from error
    finally:
        connection.close()
        for descriptor in descriptors:
            os.close(descriptor)


def _receive(connection: socket.socket, size: int, descriptors: list[int]) -> bytes:
    received = b""
    while len(received) < size:
        more, found, flags, _ = socket.recv_fds(
            connection, size - len(received), MAXIMUM_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
        )
        descriptors.extend(found)
        if flags & socket.MSG_CTRUNC or len(descriptors) > MAXIMUM_DESCRIPTORS:
            raise AttachProtocolError("more descriptors came than can be")
        if not more:
            raise AttachProtocolError("the gateway closed the connection instead of answering")
        received += more
    return received


def _segments(manifest: dict[str, Any], descriptors: Sequence[int]) -> Iterator[Segment]:
    _refused(manifest)
    listed = manifest.get("segments")
    if not isinstance(listed, list) or len(listed) != len(descriptors) or len(listed) > MAXIMUM_SEGMENTS:
        raise AttachProtocolError("the list of segments and the descriptors do not fit together")
    for told, descriptor in zip(listed, descriptors, strict=True):
        name = told.get("name") if isinstance(told, dict) else None
        if not isinstance(name, str):
            raise AttachProtocolError("a segment has no name")
        if told.get("kind") not in _READ_KINDS:
            continue
        segment = Segment(descriptor, name[:64], sealed=True)
        if told.get("bytes") != segment.header.bytes or told.get("generation") != segment.header.generation:
            raise SegmentError(name[:64], "it is not the one that the gateway listed")
        yield segment


def _offer(line: dict[str, Any]) -> Offer:
    _refused(line)
    token, generation = line.get("token"), line.get("generation")
    descriptors = line.get("descriptors")
    if not isinstance(token, str) or not isinstance(generation, int) or not isinstance(descriptors, str):
        raise AttachProtocolError("the offer lacks its token or generation")
    if "/" in descriptors or not descriptors:
        raise AttachProtocolError("the descriptors' socket is not beside the gateway's")
    return Offer(token, _grant(line.get("grant")), generation, descriptors)


def _grant(told: object) -> Grant | None:
    if told is None:
        return None
    if not isinstance(told, dict):
        raise AttachProtocolError("the grant is no object")
    size, lanes = told.get("segment_bytes"), told.get("lane_bytes")
    if not isinstance(size, int) or not isinstance(lanes, list) or not all(isinstance(x, int) for x in lanes):
        raise AttachProtocolError("the grant lacks its sizes")
    return Grant(size, tuple(lanes))


def _refused(line: dict[str, Any]) -> None:
    error = line.get("error")
    if isinstance(error, dict):
        raise AttachRefused(str(error.get("code", "unknown")), str(error.get("message", "no reason given")))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise AttachProtocolError("it is no JSON") from error
    if not isinstance(value, dict):
        raise AttachProtocolError("it is no object of JSON")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the gateway's certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
