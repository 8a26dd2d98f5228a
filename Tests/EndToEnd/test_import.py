"""Importing the MCP configuration of other clients, pointing them at Attune, and taking it all back."""

import json
import os
import pathlib
import re
import subprocess
import tomllib

import pytest

from harness.places import SUITE, binary
from harness.wire import ModernClient

CLAUDE = """{
  // A comment that has to stay.
  "globalShortcut": "Ctrl+Space",
  "mcpServers": {
    "time": { "command": "mcp-time", "args": ["--zone", "UTC"], "env": {"LEVEL": "1"} },
    "My Notes": { "command": "npx", "args": ["-y", "@acme/notes"] },
  },
}
"""
VS_CODE = """{ "servers": { "files": { "type": "stdio", "command": "mcp-files", "cwd": "${workspaceFolder}" },
    "web": { "type": "http", "url": "http://example.org/mcp",
             "headers": {"Authorization": "Bearer ${env:TOKEN}"} } } }
"""
GEMINI = '{ "theme": "dark", "mcpServers": { "search": { "httpUrl": "http://search.example.org/mcp" } } }\n'
CODEX = """# Codex
model = "o3"

[mcp_servers.docs]
command = "mcp-docs"
args = ["--fast"]
env = { "KEY" = "value" }
"""
FILES = {
    "config/Claude/claude_desktop_config.json": ("claude-desktop", CLAUDE),
    "home/.claude.json": (
        "claude-code",
        '{"mcpServers": {"code": {"type": "stdio", "command": "mcp-code", "args": []}}}',
    ),
    "config/Code/User/mcp.json": ("vscode", VS_CODE),
    "home/.cursor/mcp.json": (
        "cursor",
        '{"mcpServers": {"cursor-one": {"command": "uvx", "args": ["mcp-one"]}}}',
    ),
    "home/.codeium/windsurf/mcp_config.json": (
        "windsurf",
        '{"mcpServers": {"wind": {"serverUrl": "http://w.example.org/mcp"}}}',
    ),
    "home/.gemini/settings.json": ("gemini", GEMINI),
    "home/.codex/config.toml": ("codex", CODEX),
}


class Desk:
    """A home with the configuration files of clients in it."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.config = directory / "attune.toml"
        for name in ("home", "config", "data", "run", "work"):
            (directory / name).mkdir()

    def put(self, name: str, text: str) -> pathlib.Path:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def run(self, *arguments: object, status: int = 0) -> subprocess.CompletedProcess:
        home = self.directory / "home"
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(self.directory / "config"),
            "XDG_DATA_HOME": str(self.directory / "data"),
            "XDG_RUNTIME_DIR": str(self.directory / "run"),
        }
        done = subprocess.run(
            [binary(), *map(str, arguments), "--config", self.config],
            capture_output=True,
            timeout=30,
            env=environment,
            cwd=self.directory / "work",
        )
        assert done.returncode == status, (done.stdout + done.stderr).decode()
        return done

    def servers(self) -> dict:
        return tomllib.loads(self.config.read_text())["servers"]

    def state(self) -> dict[str, bytes]:
        """Every file of the desk, but for the journal of imports."""
        return {
            str(file.relative_to(self.directory)): file.read_bytes()
            for file in self.directory.rglob("*")
            if file.is_file()
            and "data" not in file.relative_to(self.directory).parts[:1]
            and ".bak" not in file.name
            and "backup" not in file.name
        }


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_the_servers_of_each_client_are_imported(desk, name) -> None:
    client, text = FILES[name]
    desk.put(name, text)
    desk.run("import", "--client", client)
    servers = desk.servers()
    assert servers, client
    for server, keys in servers.items():
        assert ("command" in keys) != ("url" in keys), (server, keys)
    expected = {
        "claude-desktop": lambda: (
            servers["time"]["args"] == ["--zone", "UTC"] and servers["time"]["env"] == {"LEVEL": "1"}
        ),
        "claude-code": lambda: servers["code"]["command"] == "mcp-code",
        "vscode": lambda: servers["web"]["headers"]["Authorization"] == "Bearer ${env:TOKEN}",
        "cursor": lambda: servers["cursor-one"]["command"] == "uvx",
        "windsurf": lambda: servers["wind"]["url"] == "http://w.example.org/mcp",
        "gemini": lambda: servers["search"]["url"] == "http://search.example.org/mcp",
        "codex": lambda: servers["docs"]["args"] == ["--fast"],
    }
    assert expected[client]()
    assert desk.state()[name] == text.encode(), "the client's file was touched"


def test_a_server_that_cannot_be_reached_stays_with_its_client_and_is_named(desk) -> None:
    file = desk.put("theirs.json", '{"mcpServers": {"far": {"url": "wss://example.org/mcp"}}}')
    assert b"WebSocket" in desk.run("import", file).stderr
    assert "servers" not in tomllib.loads(desk.config.read_text())


def test_a_server_behind_https_is_taken(desk) -> None:
    file = desk.put("theirs.json", '{"mcpServers": {"far": {"url": "https://example.org/mcp"}}}')
    desk.run("import", file)
    assert desk.servers()["far"]["url"] == "https://example.org/mcp"


def test_a_name_is_made_fit_and_what_was_written_loads(desk) -> None:
    desk.put("config/Claude/claude_desktop_config.json", CLAUDE)
    desk.run("import")
    assert len(desk.servers()) == 2
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in desk.servers())
    desk.run("check")


def test_a_given_file_is_imported_with_comments_and_trailing_commas(desk) -> None:
    file = desk.put("somewhere/else.json", CLAUDE)
    desk.run("import", file)
    assert "time" in desk.servers()


def test_comments_and_trailing_commas_are_for_that_only(desk) -> None:
    file = desk.put("bad.json", CLAUDE)
    assert subprocess.run([binary(), "check", "--json", file], capture_output=True).returncode == 1


def test_importing_twice_adds_nothing(desk) -> None:
    desk.put("home/.codex/config.toml", CODEX)
    desk.run("import")
    first = desk.config.read_bytes()
    desk.run("import")
    assert desk.config.read_bytes() == first


@pytest.mark.parametrize("existing", [None, '# mine\n[servers.kept]\ncommand = "mine"  # keep\n'])
def test_write_points_the_clients_at_attune_and_undo_restores_every_byte(desk, existing) -> None:
    if existing:
        desk.config.write_text(existing)
    for name, (_, text) in FILES.items():
        desk.put(name, text)
    before = desk.state()
    desk.run("import", "--write")
    after = desk.state()
    for name, (client, _) in FILES.items():
        # These two are told to start `attune connect`.
        pointed = b'"connect"' if client in ("claude-desktop", "codex") else b"127.0.0.1:7420/mcp"
        assert pointed in after[name], name
    # Those are started anywhere, so they are told where the configuration is.
    desktop = re.sub(r"// .*|,(?=\s*[}\]])", "", after["config/Claude/claude_desktop_config.json"].decode())
    assert json.loads(desktop)["mcpServers"]["attune"]["args"] == [
        "connect",
        "--config",
        str(desk.config),
    ]
    codex = tomllib.loads(after["home/.codex/config.toml"].decode())
    assert codex["mcp_servers"]["attune"]["args"] == ["connect", "--config", str(desk.config)]
    assert b"// A comment that has to stay." in after["config/Claude/claude_desktop_config.json"]
    assert b'"globalShortcut": "Ctrl+Space"' in after["config/Claude/claude_desktop_config.json"]
    assert b'model = "o3"' in after["home/.codex/config.toml"]
    if existing:
        assert desk.config.read_text().startswith(existing)
    assert len(desk.servers()) >= 9
    desk.run("import", "--undo")
    assert desk.state() == before


def test_undo_without_an_import_fails_and_says_so(desk) -> None:
    assert desk.run("import", "--undo", status=1).stderr


def test_undo_leaves_a_file_that_was_changed_since(desk) -> None:
    file = desk.put("home/.cursor/mcp.json", FILES["home/.cursor/mcp.json"][1])
    desk.run("import", "--write")
    file.write_text(file.read_text() + "\n")
    changed = file.read_bytes()
    desk.run("import", "--undo", status=1)
    assert file.read_bytes() == changed
    desk.run("import", "--undo", "--force")
    assert file.read_text() == FILES["home/.cursor/mcp.json"][1]


def test_a_dry_run_changes_nothing(desk) -> None:
    desk.put("home/.codex/config.toml", CODEX)
    before = desk.state()
    assert b"mcp-docs" in desk.run("import", "--dry-run").stdout
    assert desk.state() == before


def test_a_file_that_is_no_configuration_is_refused(desk) -> None:
    desk.run("import", desk.put("x.json", '{"a": [}'), status=1)
    desk.run("import", desk.directory / "absent.json", status=1)
    assert not desk.config.exists()


def test_imported_servers_run_as_the_client_ran_them(workshop) -> None:
    import sys

    gateway = workshop.gateway({}, start=False)
    (gateway.directory / "home").mkdir()
    script = gateway.directory / "bin" / "my-server"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\nexec {sys.executable} {SUITE}/servers/stdio_server.py --name "$NAME" "$@"\n'
    )
    script.chmod(0o755)
    file = gateway.directory / "theirs.json"
    file.write_text(
        json.dumps(
            {
                "mcpServers": {
                    "mine": {
                        "command": "my-server",
                        "args": ["--era", "legacy"],
                        "env": {"NAME": "${env:THE_NAME}", "PATH": f"{script.parent}:{os.environ['PATH']}"},
                    }
                }
            }
        )
    )
    gateway.command("import", file)
    os.environ["THE_NAME"] = "from-the-environment"
    try:
        gateway.start()
        client = ModernClient(gateway.port)
        uris = [item["uri"] for item in client.request("resources/list").result["resources"]]
        assert "steered://from-the-environment/one" in uris
    finally:
        del os.environ["THE_NAME"]
