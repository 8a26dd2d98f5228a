"""What a gateway has to live with: servers that die, lie, hang or never start, and its own sudden end."""

import json
import os
import signal
import threading
import time

import pytest

from harness.places import eventually
from harness.processes import alive
from harness.wire import CLIENTS, LegacyClient, ModernClient


def reasons(gateway) -> dict:
    body = gateway.json("/readyz")
    return {reason["component"]: reason for reason in body["reasons"]}


def pid_of(client, server: str) -> int:
    return json.loads(client.call(f"{server}__count").result["content"][0]["text"])["pid"]


def failure_text(answer) -> str:
    """The text of a failed call, which comes as a tool result so that a model can read it."""
    assert answer.result["isError"] is True, answer.message
    facts = answer.result["_meta"]["attune"]
    assert facts["call_id"] == answer.headers["attune-call-id"] and facts["server"] and facts["reason"]
    return answer.result["content"][0]["text"]


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_a_killed_server_costs_its_callers_one_clear_answer_each_and_others_nothing(
    workshop, client_era, era
) -> None:
    gateway = workshop.gateway(
        {
            "servers.victim": workshop.steered("victim", "--era", era, sharing="shared"),
            "servers.other": workshop.steered("other", "--era", era, sharing="shared"),
        }
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    pid, other = pid_of(client, "victim"), pid_of(client, "other")
    answers: list = []
    calls = [
        threading.Thread(target=lambda: answers.append(client.call("victim__sleep", {"seconds": 30})))
        for _ in range(5)
    ]
    beside: list = []
    calls.append(threading.Thread(target=lambda: beside.append(client.call("other__sleep", {"seconds": 2}))))
    [call.start() for call in calls]
    eventually(lambda: len(gateway.received("victim", "tools/call")) >= 6, 10, "five calls under way")
    os.kill(pid, signal.SIGKILL)
    [call.join(12) for call in calls]
    assert len(answers) == 5 and len(beside) == 1
    for answer in answers:
        assert len([message for message in answer.messages if "id" in message]) == 1
        assert "victim" in failure_text(answer)
    assert beside[0].result["content"][0]["text"] == "slept"
    again = eventually(lambda: answered(client, "victim"), 12, "the victim's restart")
    assert again != pid and pid_of(client, "other") == other
    row = [row for row in gateway.listing("ls", "servers") if row["name"] == "victim"][0]
    assert row["restarts"] >= 1


def answered(client, server: str) -> int | None:
    answer = client.call(f"{server}__count")
    return None if answer.result.get("isError") else json.loads(answer.result["content"][0]["text"])["pid"]


def test_a_server_that_crashes_in_mid_call_is_answered_for(workshop, client_era) -> None:
    gateway = workshop.gateway({"servers.frail": workshop.steered("frail")})
    client = CLIENTS[client_era](gateway.port).initialize()
    assert "frail" in failure_text(client.call("frail__crash"))
    eventually(lambda: answered(client, "frail"), 12, "the restart")


def test_failures_may_be_errors_if_the_operator_says_so(workshop) -> None:
    gateway = workshop.gateway(
        {"core": {"tool_failures": "error"}, "servers.frail": workshop.steered("frail", timeout_ms=500)}
    )
    client = ModernClient(gateway.port)
    error = client.call("frail__mute").error
    assert error["code"] == 1001 and error["data"]["attune"]["server"] == "frail"
    assert client.call("frail__crash").error["code"] == 1002


def test_no_server_outlives_a_gateway_that_was_killed(workshop) -> None:
    gateway = workshop.gateway(
        {
            "servers.one": workshop.steered("one", "--era", "legacy"),
            "servers.two": workshop.steered("two", "--era", "modern"),
            "servers.stubborn": workshop.steered("stubborn", "--era", "modern", "--stubborn"),
        }
    )
    for client in (LegacyClient(gateway.port).initialize(), ModernClient(gateway.port)):
        for server in ("one", "two", "stubborn"):
            pid_of(client, server)
    children = gateway.children()
    assert len(children) >= 3
    gateway.kill()
    eventually(lambda: not gateway.children(), 8, "the end of every server")
    assert not any(alive(pid) for pid in children)
    gateway.start(20)
    assert pid_of(ModernClient(gateway.port), "two") not in children


def test_a_stubborn_server_is_ended_when_the_gateway_ends(workshop) -> None:
    gateway = workshop.gateway(
        {"servers.stubborn": workshop.steered("stubborn", "--era", "modern", "--stubborn")}
    )
    pid_of(ModernClient(gateway.port), "stubborn")
    assert gateway.stop(20) == 0
    eventually(lambda: not gateway.children(), 8, "the end of the server")


def test_a_server_that_cannot_start_degrades_and_leaves_the_others_alone(workshop, client_era) -> None:
    gateway = workshop.gateway(
        {
            "servers.dead": workshop.steered("dead", "--die-at-start"),
            "servers.absent": {"command": "/nonexistent/program"},
            "servers.closed": {"url": "http://127.0.0.1:9/mcp"},
            "servers.fine": workshop.steered("fine"),
        }
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    begun = time.monotonic()
    names = [tool["name"] for tool in client.request("tools/list").result["tools"]]
    assert time.monotonic() - begun < 10.5
    assert "fine__echo" in names and not [name for name in names if not name.startswith("fine__")]
    assert client.call("fine__echo").result["content"]
    status = eventually(lambda: len(reasons(gateway)) >= 3 and gateway.json("/readyz"), 10, "three reasons")
    assert status["status"] == "degraded" and gateway.get("/readyz")[0] == 200
    assert {"server:dead", "server:absent", "server:closed"} <= set(reasons(gateway))
    rows = {row["name"]: row for row in gateway.listing("ls", "servers")}
    assert rows["dead"]["last_error"] and rows["absent"]["last_error"]
    report = gateway.command("doctor", check=None)
    assert b"the licence has expired" in report.stdout + report.stderr


def test_a_call_to_a_dead_server_answers_within_12_seconds(workshop, client_era) -> None:
    gateway = workshop.gateway(
        {"servers.dead": workshop.steered("dead", "--die-at-start"), "servers.fine": workshop.steered("fine")}
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    begun = time.monotonic()
    answer = client.call("dead__echo")
    assert time.monotonic() - begun < 12
    assert "error" in answer.message or answer.result["isError"] is True


@pytest.mark.parametrize(
    "flags", [("--silent",), ("--era", "legacy", "--list-delay", "60"), ("--start-delay", "60")]
)
def test_a_slow_server_is_left_out_of_a_list_after_a_while(workshop, client_era, flags) -> None:
    gateway = workshop.gateway(
        {"servers.slow": workshop.steered("slow", *flags), "servers.fine": workshop.steered("fine")}
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    begun = time.monotonic()
    names = [tool["name"] for tool in client.request("tools/list").result["tools"]]
    assert time.monotonic() - begun < 10.5 and "fine__echo" in names


def test_a_server_that_comes_late_is_picked_up(workshop, client_era) -> None:
    gateway = workshop.gateway(
        {
            "servers.late": workshop.steered("late", "--start-delay", "6"),
            "servers.fine": workshop.steered("fine"),
        }
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    eventually(
        lambda: "late__echo" in [tool["name"] for tool in client.request("tools/list").result["tools"]],
        30,
        "the late server's tools",
    )
    eventually(lambda: gateway.json("/readyz")["status"] == "ready", 10, "the status ready")


@pytest.mark.parametrize("kind", ["text", "truncated", "utf8", "array", "number", "blank"])
def test_garbage_from_a_server_harms_nobody(workshop, client_era, kind) -> None:
    gateway = workshop.gateway(
        {
            "servers.messy": workshop.steered("messy", sharing="shared"),
            "servers.fine": workshop.steered("fine"),
        }
    )
    client = CLIENTS[client_era](gateway.port).initialize()
    answer = client.call("messy__garbage", {"kind": kind})
    assert answer.result.get("isError") or answer.result["content"][0]["text"] == "wrote garbage"
    assert client.call("fine__echo").result["content"]
    eventually(lambda: answered(client, "messy"), 12, "the messy server's answer")


@pytest.mark.parametrize("name", ["twice", "stranger"])
def test_an_answer_that_nobody_waits_for_is_dropped(workshop, client_era, name) -> None:
    gateway = workshop.gateway({"servers.messy": workshop.steered("messy")})
    client = CLIENTS[client_era](gateway.port).initialize()
    answer = client.call(f"messy__{name}")
    assert len([message for message in answer.messages if "id" in message]) == 1
    assert json.loads(client.call("messy__echo", {"after": 1}).result["content"][0]["text"]) == {"after": 1}


def test_noise_on_standard_error_never_stops_a_server(workshop) -> None:
    gateway = workshop.gateway({"servers.noisy": workshop.steered("noisy", "--noise", "50000")})
    assert answered(ModernClient(gateway.port), "noisy")
