"""The file in which a steered server keeps what it received, byte for byte, for a test to read."""

import json
import os
import threading
import time


class Record:
    """Appends one JSON object a line; bytes are kept as Latin-1 text."""

    def __init__(self, path: str | None) -> None:
        self.file = open(path, "ab", buffering=0) if path else None
        self.lock = threading.Lock()

    def write(self, entry: dict) -> None:
        if self.file is None:
            return
        line = json.dumps({"pid": os.getpid(), "at": time.time()} | entry).encode() + b"\n"
        with self.lock:
            self.file.write(line)

    def received(self, body: bytes, headers: dict | None = None, verb: str | None = None) -> None:
        self.write({"body": body.decode("latin-1"), "headers": headers, "verb": verb})

    def event(self, name: str, **more: object) -> None:
        self.write({"event": name} | more)
