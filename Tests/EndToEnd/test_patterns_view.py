"""`attune patterns` as people see it: of answers of an admin interface that are made up here."""

import http.server
import json
import pathlib
import subprocess
import threading
import urllib.parse

import pytest

from harness.configuration import document
from harness.places import binary

LEARNED = {
    "ts": "2026-11-24T00:00:00.000000Z",
    "learner": {"pid": 7, "state": "attached", "lag_records": 0, "lag_ms": 0},
    "overview": {
        "ts": "2026-11-24T00:00:00.000000Z",
        "calls": 412,
        "sessions": 12,
        "sampled_out": 5,
        "cpu_s": 0.351,
        "memory_bytes": 3 << 20,
        "predict_ns": 1500,
        "update_ns": 900,
        "accuracy": [
            {"task": "next-tool", "n": 400, "top1": 0.5, "bits": 1.25, "recent": {"n": 100, "top1": 0.75}},
            {"task": "failure", "n": 412, "brier": 0.125, "recent": None},
        ],
        "clusters": [{"name": "shop", "sessions": 7, "tools": ["shop/search", "shop/buy"]}],
        "sequences": [{"tools": ["shop/search", "shop/buy"], "support": 9, "share": 0.25, "lift": 3.5}],
        "anomalies": {"result": 1},
    },
    "tools": [
        {
            "server": "shop",
            "tool": "search",
            "calls": 200,
            "latency": {"median_ms": 1.5, "bound95_ms": 40},
            "failure": 0.001,
            "cacheability": 0.9,
            "mutates": None,
            "ts": "2026-11-24T00:00:00.000000Z",
        },
        {
            "server": "shop",
            "tool": "buy",
            "calls": 100,
            "latency": {"median_ms": 250, "bound95_ms": 2000},
            "failure": 0.25,
            "cacheability": None,
            "mutates": 0.97,
            "ts": "2026-11-24T00:00:00.000000Z",
        },
    ],
    "sessions": [
        {
            "session": "s1",
            "agent": "shopper",
            "principal": "ada",
            "calls": 9,
            "ts": "2026-11-24T00:00:00.000000Z",
            "next": [
                {"server": "shop", "tool": "buy", "arguments": {"item": 4}, "probability": 0.6},
                {"server": "shop", "tool": "leave", "arguments": None, "probability": 0.004},
            ],
            "suspicion": 0.02,
            "anomalies": 1,
        },
        {
            "session": "evil\u001b[2Jname",
            "agent": None,
            "principal": None,
            "calls": 1,
            "ts": "2026-11-24T00:00:00.000000Z",
            "next": [],
            "suspicion": None,
            "anomalies": 0,
        },
    ],
    "anomalies": [
        {
            "ts": "2026-11-24T00:00:00.000000Z",
            "call_id": "c",
            "session": "s1",
            "server": "shop",
            "tool": "search",
            "kind": "result",
            "start": 120,
            "end": 260,
            "bits": 7.5,
            "share": 0.0001,
            "text": "a part of the result is not written as results of this tool are",
        }
    ],
}
NOTHING = {"ts": LEARNED["ts"], "overview": None, "tools": [], "sessions": [], "anomalies": []}


class Admin(http.server.BaseHTTPRequestHandler):
    report: dict = {}

    def do_GET(self) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        answer, status = self.report, 200
        if name := query.get("session"):
            names = [session["session"] for session in self.report["sessions"]]
            answer = self.report | {
                "sessions": [row for row in self.report["sessions"] if row["session"] == name]
            }
            if name not in names:
                error = {"code": "unknown_session", "message": "unknown", "available": names}
                answer, status = {"error": error}, 404
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class Desk:
    """The command, on the address of an admin interface that answers with one report."""

    def __init__(self, directory: pathlib.Path, port: int) -> None:
        self.file = directory / "attune.toml"
        self.file.write_text(document({"core": {"admin": f"127.0.0.1:{port}"}}))

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        line = [binary(), "patterns", *arguments, "--config", self.file]
        return subprocess.run(line, capture_output=True, timeout=30, input=b"")

    def text(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()


@pytest.fixture
def desk(tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Admin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Admin.report = LEARNED
    yield Desk(tmp_path, server.server_port)
    server.shutdown()


def row(text: str, word: str) -> list[str]:
    """The cells of the first line that begins with a word."""
    line = next(line for line in text.splitlines() if line.startswith(word))
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_everything_that_was_learned_is_in_tables(desk) -> None:
    text = desk.text()
    assert "learned from 412 calls of 12 sessions, 5 calls left out, 3 MiB" in text
    assert "1.5 us a prediction, 0.9 us an update" in text
    assert row(text, "next-tool") == ["next-tool", "first guess right", "50.0 %", "75.0 %", "400"]
    assert row(text, "failure") == ["failure", "Brier score", "0.125", "-", "412"]
    assert row(text, "s1") == ["s1", "shopper", "9", "60 %", 'shop/buy {"item": 4}', "2 %", "1"]
    assert any(line.split() == ["<1", "%", "shop/leave"] for line in text.splitlines())
    assert row(text, "shop/search") == ["shop/search \u2192 shop/buy", "9", "25 %", "3.5"]
    assert ["shop", "7", "shop/search, shop/buy"] in [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()
    ]
    tools = [line.split()[1:] for line in text.splitlines() if line.startswith("shop  ")]
    assert ["search", "200", "1.50", "ms", "40", "ms", "<1", "%", "90", "%", "-"] in tools
    assert "1 in 10000" in text and "120-260" in text and "not written as results" in text


def test_control_characters_of_names_do_not_reach_the_terminal(desk) -> None:
    assert "\x1b" not in desk.text() and "evil\ufffd[2Jname" in desk.text()


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("calls", "search"),
        ("latency", "buy"),
        ("failure", "buy"),
        ("cacheability", "search"),
        ("mutation", "buy"),
    ],
)
def test_tools_come_in_the_order_that_is_asked_for(desk, order, first) -> None:
    lines = [line.split() for line in desk.text("--by", order).splitlines()]
    assert next(line[1] for line in lines if len(line) > 6 and line[0] == "shop") == first


def test_one_session_is_shown_without_the_rest(desk) -> None:
    text = desk.text("--session", "s1")
    assert "shop/buy" in text and "evil" not in text and "FREQUENT" not in text and "MEDIAN" not in text
    assert "120-260" in text


def test_an_unknown_session_fails_with_those_that_there_are(desk) -> None:
    done = desk.run("--session", "other")
    assert done.returncode == 1 and done.stdout == b""
    assert b"no active session other" in done.stderr and b"next: name one of these: s1, evil" in done.stderr
    Admin.report = NOTHING | {"learner": LEARNED["learner"]}
    assert b"none is active now" in desk.run("--session", "other").stderr


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("off", "set [learning] mode"),
        ("attached", "first calls"),
        ("waiting", "not there"),
        ("stalled", "not answer"),
    ],
)
def test_where_nothing_was_learned_it_is_said_why(desk, state, words) -> None:
    Admin.report = NOTHING | {"learner": LEARNED["learner"] | {"state": state}}
    text = desk.text()
    assert text.startswith(f"learner {state}") and words in text


def test_json_is_what_the_interface_gives(desk) -> None:
    assert json.loads(desk.text("-o", "json")) == LEARNED
    assert len(json.loads(desk.text("--session", "s1", "-o", "json"))["sessions"]) == 1


@pytest.mark.parametrize("arguments", [["--by", "size"], ["--interval", "0"], ["--session", ""], ["--what"]])
def test_a_wrong_command_line_is_usage(desk, arguments) -> None:
    assert desk.run(*arguments).returncode == 2


def test_without_a_terminal_it_is_written_once(desk) -> None:
    text = desk.text("--watch")
    assert text.count("FREQUENT SEQUENCE") == 1 and "\x1b" not in text
