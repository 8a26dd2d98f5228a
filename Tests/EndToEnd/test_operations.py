"""What an operator sees and does: health, readiness, metrics, the admin interface, draining."""

import json
import re
import socket
import threading
import time

import pytest

from harness.gateway import Gateway
from harness.places import eventually
from harness.wire import LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    gateway = shop.gateway(
        {
            "servers.one": shop.steered("one", "--era", "legacy", sharing="shared"),
            "servers.two": shop.steered_http("two", "--era", "modern"),
        }
    )
    client = ModernClient(gateway.port)
    for server in ("one", "two"):
        client.call(f"{server}__echo", {"a": 1})
        client.call(f"{server}__fail")
        client.call(f"{server}__error", {"code": 77})
    return gateway


def test_health_is_plain(gateway) -> None:
    assert gateway.get("/healthz")[0] == 200


def test_readiness_is_ready_without_reasons(gateway) -> None:
    status, body = gateway.get("/readyz")
    assert (status, json.loads(body)["status"], json.loads(body)["reasons"]) == (200, "ready", [])


def samples(gateway) -> dict[str, float]:
    status, body = gateway.get("/metrics")
    assert status == 200
    found = {}
    for line in body.decode().splitlines():
        if line and not line.startswith("#"):
            matched = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)(?: \d+)?", line)
            assert matched, line
            assert matched[1] not in found, f"{matched[1]} twice"
            found[matched[1]] = float(matched[2])
    return found


def test_metrics_count_calls_by_server_tool_and_outcome(gateway) -> None:
    def counted(server: str, tool: str) -> float:
        return sum(
            value
            for name, value in samples(gateway).items()
            if name.startswith("attune_requests_total{")
            and f'server="{server}"' in name
            and f'tool="{server}__{tool}"' in name
        )

    before = counted("one", "echo")
    for _ in range(3):
        ModernClient(gateway.port).call("one__echo")
    eventually(lambda: counted("one", "echo") == before + 3, 5, "three more calls")


def test_metrics_name_their_types_and_histograms_are_whole(gateway) -> None:
    text = gateway.get("/metrics")[1].decode()
    for name in (
        "attune_requests_total",
        "attune_errors_total",
        "attune_message_latency_seconds",
        "attune_overhead_seconds",
    ):
        assert f"# TYPE {name} " in text, name
    found = samples(gateway)
    counts = {
        name: value
        for name, value in found.items()
        if name.startswith("attune_message_latency_seconds_count")
    }
    assert counts and all(value >= 0 for value in counts.values())
    for name, value in counts.items():
        labels = name.partition("{")[2].rstrip("}")
        last = [
            bucket
            for bucket in found
            if bucket.startswith("attune_message_latency_seconds_bucket")
            and 'le="+Inf"' in bucket
            and all(part in bucket for part in labels.split(",") if part)
        ]
        assert last and found[last[0]] == value


def test_metrics_tell_of_connections_servers_sessions_and_queues(gateway) -> None:
    before = samples(gateway)
    LegacyClient(gateway.port).initialize()
    with socket.create_connection(("127.0.0.1", gateway.port)) as idle:
        idle.sendall(b"POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 403")
        refused = 'attune_refused_requests_total{listener="mcp",status="403"}'
        assert samples(gateway)[refused] == before.get(refused, 0) + 1
    with socket.create_connection(("127.0.0.1", gateway.port)):
        open_now = 'attune_client_connections{listener="mcp"}'
        eventually(lambda: samples(gateway)[open_now] >= 1, 5, "an open connection")
    found = samples(gateway)
    assert found["attune_sessions"] == before["attune_sessions"] + 1
    assert found['attune_servers{state="up"}'] == 2
    assert found['attune_servers{state="down"}'] == 0
    assert found['attune_client_connections{listener="admin"}'] >= 1
    assert found['attune_client_connections{listener="socket"}'] == 0
    assert found['attune_upstream_connections{server="two"}'] >= 1
    assert found['attune_upstream_requests_waiting{server="two"}'] == 0
    assert 'attune_upstream_connections{server="one"}' not in found
    for server in ("one", "two"):
        assert found[f'attune_server_up{{server="{server}"}}'] == 1
        assert found[f'attune_server_sessions{{server="{server}"}}'] >= 1
        assert found[f'attune_server_tools{{server="{server}"}}'] > 3
        assert found[f'attune_server_restarts_total{{server="{server}"}}'] == 0
        assert found[f'attune_queue_length{{server="{server}"}}'] == 0
        assert found[f'attune_queue_limit{{server="{server}"}}'] > 0
        assert found[f'attune_calls_in_flight_limit{{server="{server}"}}'] > 0
    caller = threading.Thread(target=ModernClient(gateway.port).call, args=("two__sleep", {"seconds": 1.5}))
    caller.start()
    in_flight = 'attune_calls_in_flight{server="two"}'
    eventually(lambda: samples(gateway)[in_flight] == 1, 5, "a call under way")
    caller.join()
    assert samples(gateway)[in_flight] == 0


def test_labels_are_bounded_whatever_clients_call(gateway) -> None:
    client = ModernClient(gateway.port)
    for number in range(300):
        client.call(f"one__made-up-{number}")
    assert not [name for name in samples(gateway) if "made-up" in name]


@pytest.mark.parametrize("part", ["servers", "tools", "calls", "sessions"])
def test_lists_of_the_admin_interface_have_items_and_a_cursor(gateway, part) -> None:
    if part == "sessions":
        LegacyClient(gateway.port).initialize()
    body = gateway.json(f"/api/v1/{part}")
    assert set(body) == {"items", "next"} and body["items"]


def test_a_call_is_found_by_its_id(gateway) -> None:
    identifier = ModernClient(gateway.port).call("one__echo").headers["attune-call-id"]
    body = eventually(
        lambda: (
            gateway.get(f"/api/v1/calls/{identifier}")[0] == 200
            and gateway.json(f"/api/v1/calls/{identifier}")
        ),
        5,
        "the call",
    )
    assert (body["call_id"], body["server"], body["method"]) == (identifier, "one", "tools/call")
    assert gateway.get("/api/v1/calls/nobody")[0] == 404


def test_the_dashboard_is_a_page(gateway) -> None:
    status, body = gateway.get("/")
    assert status == 200 and b"<html" in body.lower()


def test_other_paths_and_verbs_of_the_admin_address_are_refused(gateway) -> None:
    assert gateway.get("/nowhere")[0] == 404
    assert gateway.get("/-/reload")[0] == 405
    assert gateway.get("/healthz", "POST")[0] == 405


def test_the_mcp_address_has_no_admin_paths(gateway) -> None:
    for path in ("/metrics", "/api/v1/status", "/-/reload"):
        assert ModernClient(gateway.port, path).send("GET").status == 404


def test_the_log_is_json_with_a_correlation_id_for_each_call(workshop) -> None:
    gateway = workshop.gateway(
        {"observability": {"log_level": "debug", "log_format": "json"}, "servers.a": workshop.steered("a")}
    )
    identifier = ModernClient(gateway.port).call("a__echo").headers["attune-call-id"]
    gateway.stop()
    lines = [json.loads(line) for line in gateway.log().splitlines() if line.startswith("{")]
    talk = [line for line in gateway.log().splitlines() if not line.startswith("{")]
    assert lines and len(talk) <= 1, talk
    assert all({"level", "ts"} <= set(line) or {"level", "time"} <= set(line) for line in lines), lines[0]
    assert [line for line in lines if identifier in json.dumps(line)]


def test_a_drain_finishes_what_is_under_way_and_takes_nothing_new(workshop) -> None:
    gateway = workshop.gateway({"core": {"drain_timeout_ms": 8000}, "servers.a": workshop.steered("a")})
    client, answers = ModernClient(gateway.port), []
    client.call("a__count")
    asking = threading.Thread(target=lambda: answers.append(client.call("a__sleep", {"seconds": 2})))
    asking.start()
    eventually(lambda: gateway.received("a", "tools/call")[1:], 5, "the call under way")
    ending: list = []
    stopping = threading.Thread(target=lambda: ending.append(gateway.stop(15)))
    stopping.start()
    time.sleep(0.3)
    assert refused(gateway)
    asking.join(10)
    stopping.join(15)
    assert answers and answers[0].result["content"][0]["text"] == "slept"
    assert ending == [0]


def refused(gateway: Gateway) -> bool:
    """True if a new call is turned away: by the closed address, or as draining."""
    try:
        answer = ModernClient(gateway.port, timeout=2).call("a__echo")
    except OSError:
        return True
    return (
        answer.status == 503
        or answer.message.get("error", {}).get("code") == 1007
        or bool(answer.message.get("result", {}).get("isError"))
    )


def test_a_drain_has_an_end(workshop) -> None:
    gateway = workshop.gateway({"core": {"drain_timeout_ms": 1000}, "servers.a": workshop.steered("a")})
    client = ModernClient(gateway.port)
    client.call("a__count")
    stream = client.begin(
        "tools/call",
        {"name": "a__progress", "arguments": {"count": 1000, "interval": 0.1}, "_meta": {"progressToken": 1}},
    )
    next(stream.events())
    begun = time.monotonic()
    assert gateway.stop(15) == 0
    assert time.monotonic() - begun < 10
    stream.close()


def test_open_streams_do_not_hold_the_end_up(workshop) -> None:
    gateway = workshop.gateway({"servers.a": workshop.steered("a")})
    legacy = LegacyClient(gateway.port).initialize()
    streams = [
        legacy.listen(),
        ModernClient(gateway.port).begin(
            "subscriptions/listen", {"notifications": {"toolsListChanged": True}}
        ),
    ]
    begun = time.monotonic()
    assert gateway.stop(15) == 0
    assert time.monotonic() - begun < 8
    [stream.close() for stream in streams]
