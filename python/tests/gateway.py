"""A gateway that hands out segments as the real one does: mutual TLS on one Unix socket, descriptors on
another.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from writer import Core, Writer

Key = ec.EllipticCurvePrivateKey


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _sign(
    subject: str, key: Key, issuer: str, issuer_key: Key, *, authority: bool, days: int = 3650
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    start = now - datetime.timedelta(days=20) if days < 0 else now - datetime.timedelta(minutes=5)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if authority:
        usage = dict.fromkeys(
            [
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ],
            False,
        )
        builder = builder.add_extension(
            x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
    else:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False
        ).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
    return builder.sign(issuer_key, hashes.SHA256())


class Authority:
    """A certificate authority that writes what a gateway keeps in its `tls` directory."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _sign("Attune", self.key, "Attune", self.key, authority=True)

    def write(self, directory: Path, *, days: int = 3650, **names: str) -> None:
        """Writes ca.pem, and FILE.pem with FILE.key for each name."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "ca.pem").write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        for file, name in names.items():
            key = ec.generate_private_key(ec.SECP256R1())
            made = _sign(name, key, "Attune", self.key, authority=False, days=days)
            (directory / f"{file}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
            raw = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            (directory / f"{file}.key").write_bytes(raw)


NAMES = {"gateway": "gateway.attune.internal", "worker": "worker.attune.internal"}


class Gateway:
    """The two sockets, and the segments behind them."""

    def __init__(self, home: Path, core: Core, learner: Writer | None = None) -> None:
        self.home, self.core, self.learner = home, core, learner
        self.sockets = home / "run"
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.requests: list[dict[str, Any]] = []
        self.workers: list[int] = []
        #: Further segments that are handed out.
        self.others: list[Writer] = []
        self.grant = {
            "segment_bytes": 262144,
            "lane_bytes": [16384, 65536, 16384],
            "table_bytes": 0,
            "index": 0,
        }
        #: Answers a request; None lets the usual one.
        self.answer: Callable[[dict[str, Any]], bytes | None] = lambda request: None
        #: Changes the list of segments before it is sent.
        self.manifest: Callable[[dict[str, Any]], dict[str, Any]] = lambda manifest: manifest
        self.tokens: set[str] = set()
        self.connections: list[ssl.SSLSocket] = []
        self._closed = False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        tls = home / "tls"
        context.load_cert_chain(tls / "gateway.pem", tls / "gateway.key")
        context.load_verify_locations(tls / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self._context = context
        self._listeners = [
            self._listen("attach-7420.sock", self._control),
            self._listen("attach-7420.descriptors.sock", self._descriptors),
        ]

    def _listen(self, name: str, serve: Callable[[socket.socket], None]) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path = self.sockets / name
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        listener.listen(16)

        def accept() -> None:
            while not self._closed:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._guarded, args=(serve, connection), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return listener

    @staticmethod
    def _guarded(serve: Callable[[socket.socket], None], connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            serve(connection)

    def _control(self, plain: socket.socket) -> None:
        tls = self._context.wrap_socket(plain, server_side=True)
        self.connections.append(tls)
        self._converse(tls)

    def _converse(self, tls: ssl.SSLSocket) -> None:
        line = tls.makefile("rb").readline()
        request = json.loads(line)["attach"]
        self.requests.append(request)
        answer = self.answer(request)
        if answer is None:
            offer: dict[str, Any] = {
                "token": self.token(),
                "expires_ms": 5000,
                "generation": self.core.generation,
                "descriptors": "attach-7420.descriptors.sock",
            }
            if request["role"] == "worker":
                offer["grant"] = self.grant
            answer = json.dumps(offer).encode() + b"\n"
        with tls:
            tls.sendall(answer)
            while tls.recv(4096):
                pass

    def token(self) -> str:
        token = secrets.token_hex(32)
        self.tokens.add(token)
        return token

    def tell(self, line: dict[str, Any]) -> None:
        """Says something to whoever is attached."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.sendall(json.dumps(line).encode() + b"\n")

    def _descriptors(self, connection: socket.socket) -> None:
        raw, descriptors, _, _ = socket.recv_fds(connection, 64, 4)
        self.workers += descriptors
        token = raw.decode()
        if token not in self.tokens:
            text = json.dumps({"error": {"code": "bad_token", "message": "it was used"}}).encode()
            connection.sendall(len(text).to_bytes(4, "little") + text)
            return
        self.tokens.remove(token)
        segments = [self.core, *([self.learner] if self.learner else []), *self.others]
        manifest = {
            "segments": [
                {
                    "name": s.name,
                    "kind": {1: "core", 2: "learner", 3: "worker"}[s.kind],
                    "index": 0,
                    "generation": s.generation,
                    "bytes": s.size,
                    "writable": False,
                }
                for s in segments
            ]
        }
        text = json.dumps(self.manifest(manifest)).encode()
        framed = len(text).to_bytes(4, "little") + text
        socket.send_fds(connection, [framed], [s.fd for s in segments])

    def drop(self) -> None:
        """Breaks all control connections."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections = []

    def close(self) -> None:
        """Ends as a killed gateway does: the sockets stay behind."""
        self._closed = True
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()
        for descriptor in self.workers:
            os.close(descriptor)
        self.workers = []
