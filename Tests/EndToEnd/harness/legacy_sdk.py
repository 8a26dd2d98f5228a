"""mcp 1.30 as a client, driven in its own environment."""

import json
import subprocess

from .places import SUITE, program


class LegacySDKError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class LegacySDK:
    """`with LegacySDK("http", url) as client: client.call_tool(name=…, arguments=…)`.

    Any method of the SDK's ClientSession may be named; the kinds are http, sse and stdio (a command line).
    """

    def __init__(self, kind: str, *target: str, environment: dict | None = None) -> None:
        line = [
            program("client-legacy", "python"),
            str(SUITE / "harness" / "legacy_driver.py"),
            kind,
            *target,
        ]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.progress: list[float] = []

    def __enter__(self) -> "LegacySDK":
        self.initialization = self.answer()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        assert line, f"mcp 1.30 ended with {self.process.wait(10)}"
        answer = json.loads(line)
        if "error" in answer:
            raise LegacySDKError(**answer["error"])
        self.progress = answer.get("progress", [])
        return answer["ok"]

    def do(self, what: str, with_progress: bool = False, **arguments: object) -> dict:
        command = {"do": what, "arguments": arguments, "with_progress": with_progress}
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        return self.answer()
