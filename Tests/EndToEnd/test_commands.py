"""The program's commands: data on stdout, talk on stderr, exit 0 done, 1 failed, 2 usage."""

import json
import subprocess

import pytest

from harness.configuration import document
from harness.places import SHARED, binary
from harness.wire import LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    gateway = shop.gateway(
        {
            "servers.one": shop.steered("one", "--era", "legacy", sharing="shared"),
            "servers.two": shop.steered("two", "--era", "modern"),
            "servers.dead": shop.steered("dead", "--die-at-start"),
        }
    )
    ModernClient(gateway.port).request("tools/list")
    LegacyClient(gateway.port).initialize().call("one__echo", {"a": 1})
    return gateway


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [binary(), *map(str, arguments)], capture_output=True, timeout=30, input=b"", **options
    )


def test_ls_servers_tells_state_era_and_transport(gateway) -> None:
    rows = {row["name"]: row for row in gateway.listing("ls", "servers")}
    assert set(rows) == {"one", "two", "dead"}
    for row in rows.values():
        assert {"name", "state", "era", "version", "transport", "restarts", "tools", "last_error"} <= set(row)
    assert (rows["one"]["era"], rows["two"]["era"]) == ("legacy", "modern")
    assert rows["one"]["transport"] == "stdio" and rows["two"]["tools"] == 21
    assert rows["dead"]["last_error"]


def test_ls_tools_maps_names(gateway) -> None:
    rows = {row["name"]: row for row in gateway.listing("ls", "tools")}
    assert rows["one__echo"]["server"] == "one" and rows["one__echo"]["upstream_name"] == "echo"


def test_ls_calls_tells_what_happened(gateway) -> None:
    row = [row for row in gateway.listing("ls", "calls") if row["tool"] == "one__echo"][0]
    assert {
        "call_id",
        "ts",
        "principal",
        "session",
        "server",
        "tool",
        "method",
        "outcome",
        "duration_us",
        "upstream_us",
        "advice_version",
        "decisions",
    } <= set(row)
    assert row["outcome"] == "ok" and row["duration_us"] >= row["upstream_us"] >= 0 and row["decisions"] == []


def test_status_sums_up(gateway) -> None:
    status = gateway.listing("status")
    assert status["status"] == "degraded"
    assert status["mcp_url"] == gateway.url and status["admin_url"].rstrip("/") == gateway.admin
    assert status["servers"] == {"up": 2, "total": 3} and status["uptime_s"] >= 0
    assert {"version", "calls_per_s", "learner"} <= set(status)


def test_call_prints_the_raw_result(gateway) -> None:
    done = gateway.command("call", "one__exact", "{}")
    assert b'"e": 1.50E+02' in done.stdout and json.loads(done.stdout)["isError"] is False
    assert (
        json.loads(gateway.command("call", "one__echo", '{"a": 1}').stdout)["content"][0]["text"]
        == '{"a": 1}'
    )


def test_call_fails_when_the_result_is_an_error(gateway) -> None:
    done = gateway.command("call", "one__fail", "{}", check=1)
    assert json.loads(done.stdout)["isError"] is True
    done = gateway.command("call", "nobody__nothing", "{}", check=1)
    assert b"nobody__nothing" in done.stderr
    assert gateway.command("call", "one__echo", "{not json", check=None).returncode in (1, 2)


def test_doctor_names_what_is_wrong(gateway) -> None:
    done = gateway.command("doctor", check=None)
    assert b"dead" in done.stdout + done.stderr and b"the licence has expired" in done.stdout + done.stderr


def test_plain_output_is_for_people_and_has_no_colour_codes(gateway) -> None:
    for arguments in (("ls", "servers"), ("ls", "tools"), ("status",)):
        done = gateway.command(*arguments)
        assert b"one" in done.stdout or b"degraded" in done.stdout
        assert b"\x1b" not in done.stdout


def test_commands_without_a_gateway_fail_with_advice(workshop) -> None:
    gateway = workshop.gateway({"servers.a": workshop.steered("a")}, start=False)
    (gateway.directory / "home").mkdir()
    for arguments in (("status",), ("ls", "servers"), ("call", "a__echo", "{}")):
        done = gateway.command(*arguments, check=1)
        assert done.stdout == b"" and b"attune run" in done.stderr


@pytest.mark.parametrize("arguments", [("nonsense",), ("run", "--nonsense"), ("ls", "nonsense"), ("call",)])
def test_wrong_usage_exits_with_2(arguments) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and done.stderr and done.stdout == b""


def test_version_and_help_need_no_configuration(tmp_path) -> None:
    assert run("version", cwd=tmp_path).stdout.strip()
    assert "version" in json.loads(run("version", "-o", "json", cwd=tmp_path).stdout)
    assert b"run" in run("--help", cwd=tmp_path).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell) -> None:
    script = run("completion", shell).stdout
    assert b"attune" in script and b"connect" in script
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=script).returncode == 0


class TestCheck:
    @staticmethod
    def check(tmp_path, text: str) -> subprocess.CompletedProcess:
        file = tmp_path / "attune.toml"
        file.write_text(text)
        return run("check", "--config", file, cwd=tmp_path)

    def test_a_good_configuration_is_good(self, tmp_path) -> None:
        done = self.check(
            tmp_path, document({"core": {"listen": "127.0.0.1:7420"}, "servers.a": {"command": "true"}})
        )
        assert done.returncode == 0, done.stderr.decode()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('[core]\nlistn = "127.0.0.1:1"\n', [":2:", "listn", "listen"]),
            ("[core]\nlisten = 7420\n", [":2:", "listen"]),
            ('[servers.a]\ncommand = "x"\nsharing = "sometimes"\n', [":3:", "sharing", "client"]),
            ("[servers.a]\n", [":1:", "command", "url"]),
            ('[servers.A_B]\ncommand = "x"\n', [":1:", "A_B"]),
            ("[core\n", [":1:"]),
            ('[servers.a]\ncommand = "x"\nurl = "http://127.0.0.1:1/mcp"\n', [":1:", "url"]),
        ],
    )
    def test_a_bad_configuration_is_refused_with_its_place_and_a_suggestion(
        self, tmp_path, text, words
    ) -> None:
        done = self.check(tmp_path, text)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 1, said
        for word in words:
            assert word in said, said
        started = run("run", "--config", tmp_path / "attune.toml", cwd=tmp_path)
        assert started.returncode == 1 and words[0].encode() in started.stderr

    def test_a_classic_configuration_loads_and_what_is_not_used_yet_is_said(self, tmp_path) -> None:
        done = self.check(
            tmp_path,
            document(
                {
                    "core": {
                        "max_connections": 1000,
                        "message_buffer_size": "64KiB",
                        "state_cache_size": "16MiB",
                    },
                    "learning": {"model_update_interval": 60, "batch_size": 32, "learning_rate": 0.01},
                    "memory": {
                        "shared_memory_size": "64MiB",
                        "ring_buffer_size": "16MiB",
                        "max_message_size": "4MiB",
                    },
                    "persistence": {
                        "rocksdb_path": str(tmp_path / "db"),
                        "checkpoint_interval": 60,
                        "compression": "lz4",
                    },
                }
            ),
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        assert b"not used yet" in done.stdout + done.stderr

    def test_json_is_judged_by_the_scanner_of_the_wire(self, tmp_path) -> None:
        for text, status in (
            (b'{"a": [1, 2.5e3, "x"]}', 0),
            (b'{"a": 1,}', 1),
            (b"[" * 1000 + b"]" * 1000, 1),
            (b"", 1),
        ):
            file = tmp_path / "file.json"
            file.write_bytes(text)
            assert run("check", "--json", file).returncode == status, text[:40]

    @pytest.mark.shared
    def test_the_json_test_suite_is_judged_as_it_demands(self) -> None:
        for file in sorted((SHARED / "json-test-suite" / "test_parsing").glob("[yn]_*.json")):
            assert run("check", "--json", file).returncode == (0 if file.name[0] == "y" else 1), file.name
