"""What a steered server received and did."""

import json
import pathlib


class Record:
    """The file of one server, read from a place in it on."""

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file

    def entries(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def requests(self, method: str | None = None) -> list[tuple[dict, dict]]:
        """Every message, parsed, with the headers that it came with."""
        found = []
        for entry in self.entries():
            if not entry.get("body"):
                continue
            message = json.loads(entry["body"].encode("latin-1"))
            if method is None or message.get("method") == method:
                found.append((message, entry.get("headers") or {}))
        return found

    def messages(self, method: str | None = None) -> list[dict]:
        return [message for message, _ in self.requests(method)]

    def events(self, name: str) -> list[dict]:
        return [entry for entry in self.entries() if entry.get("event") == name]
