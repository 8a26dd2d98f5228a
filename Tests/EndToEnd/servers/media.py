"""A small image and a small sound, in base64."""

import base64
import struct
import zlib


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def image() -> bytes:
    """A PNG of one red point."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    point = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", point) + chunk(b"IEND", b"")


def audio() -> bytes:
    """A WAV of eight silent samples at 8 kHz."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", 8) + b"\x80" * 8
    return b"RIFF" + struct.pack("<I", len(body)) + body


IMAGE = base64.b64encode(image()).decode()
AUDIO = base64.b64encode(audio()).decode()
