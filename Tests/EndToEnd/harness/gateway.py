"""The gateway as a process: started on a configuration of its own, watched, and ended."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
import uuid

from . import processes
from .configuration import document
from .places import binary, eventually, free_port

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Gateway:
    """One `attune run`, with its configuration, log and records in a directory."""

    def __init__(self, directory: pathlib.Path, sections: dict[str, dict]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.port, self.admin_port = free_port(), free_port()
        self.mark = f"ATTUNE_END_TO_END={uuid.uuid4()}"
        self.sections = sections
        self.file = directory / "attune.toml"
        self.log_file = directory / "gateway.log"
        # A socket's address has room for some hundred bytes only, fewer than a test's directory may take.
        self.runtime = tempfile.mkdtemp(prefix="attune")
        self.process: subprocess.Popen | None = None
        #: Added to the environment of what is started from now on.
        self.variables: dict[str, str] = {}
        self.write_configuration()

    # Configuration and environment

    def write_configuration(self) -> None:
        core = {"listen": f"127.0.0.1:{self.port}", "admin": f"127.0.0.1:{self.admin_port}"}
        name, _, value = self.mark.partition("=")
        sections = {"core": core | self.sections.get("core", {})}
        for section, keys in self.sections.items():
            if section.startswith("servers.") and "command" in keys:
                keys = keys | {"env": {name: value} | keys.get("env", {})}
            if section != "core":
                sections[section] = keys
        self.file.write_text(document(sections))

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "XDG_RUNTIME_DIR": self.runtime,
            "XDG_DATA_HOME": str(self.directory / "data"),
            "XDG_CONFIG_HOME": str(self.directory / "config"),
            "HOME": str(self.directory / "home"),
            "NO_COLOR": "1",
            **self.variables,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    @property
    def admin(self) -> str:
        return f"http://127.0.0.1:{self.admin_port}"

    # Life

    def start(self, seconds: float = 30) -> "Gateway":
        self.launch()
        eventually(self.ready_or_dead, seconds, f"/readyz of the gateway; its log:\n{self.log()}")
        assert self.process.poll() is None, f"the gateway ended with {self.process.returncode}:\n{self.log()}"
        return self

    def launch(self) -> None:
        """Starts it and does not wait until it serves."""
        for name in ("data", "config", "home"):
            (self.directory / name).mkdir(exist_ok=True)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [binary(), "run", "--config", self.file],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                env=self.environment(),
            )

    def ready_or_dead(self) -> bool:
        if self.process.poll() is not None:
            return True
        status, body = self.get("/readyz")
        return status == 200

    def stop(self, seconds: float = 20) -> int:
        """Asks the gateway to end with SIGTERM and waits; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(
                f"the gateway did not end within {seconds} s of SIGTERM:\n{self.log()}"
            ) from None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def children(self) -> list[int]:
        """The living processes of the servers that this gateway started."""
        return processes.marked(self.mark)

    def finish(self) -> None:
        """Ends the gateway and shows that it ended well and that no server outlived it."""
        if self.process is None or self.process.returncode == -signal.SIGKILL:
            return self.sweep()
        status = self.stop()
        try:
            eventually(lambda: not self.children(), 8, "the end of every server")
            assert status == 0, f"the gateway ended with {status}:\n{self.log()}"
        finally:
            self.sweep()

    def sweep(self) -> None:
        self.sweep_servers()
        shutil.rmtree(self.runtime, ignore_errors=True)

    def sweep_servers(self) -> None:
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    def log(self) -> str:
        text = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
        return text[-12_000:]

    # Views

    def get(self, path: str, method: str = "GET", timeout: float = 5) -> tuple[int, bytes]:
        """An answer of the admin address; status 0 if nobody listens."""
        request = urllib.request.Request(
            self.admin + path, method=method, data=b"" if method == "POST" else None
        )
        try:
            with OPENER.open(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def json(self, path: str) -> object:
        status, body = self.get(path)
        assert status in (200, 503), f"{path} answered {status}: {body!r}"
        return json.loads(body)

    def command(
        self, *arguments: object, check: int | None = 0, timeout: float = 30, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess:
        """Runs another `attune …` on the same configuration."""
        line = [binary(), *map(str, arguments), "--config", self.file]
        done = subprocess.run(
            line,
            input=stdin if stdin is not None else b"",
            capture_output=True,
            timeout=timeout,
            cwd=self.directory,
            env=self.environment(),
        )
        assert check is None or done.returncode == check, (
            f"{' '.join(map(str, line))} ended with {done.returncode}\n"
            f"{done.stdout.decode()}\n{done.stderr.decode()}"
        )
        return done

    def listing(self, *arguments: object) -> list[dict]:
        return json.loads(self.command(*arguments, "-o", "json").stdout)

    def record(self, server: str) -> list[dict]:
        """What a steered server received and did, in order."""
        file = self.directory / f"{server}.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def received(self, server: str, method: str | None = None) -> list[dict]:
        """The messages that a steered server received, parsed; of one method if it is named."""
        bodies = [entry["body"] for entry in self.record(server) if entry.get("body")]
        messages = [json.loads(body.encode("latin-1")) for body in bodies]
        return [
            item
            for item in messages
            if method is None or (isinstance(item, dict) and item.get("method") == method)
        ]

    def events(self, server: str, name: str) -> list[dict]:
        return [entry for entry in self.record(server) if entry.get("event") == name]
