"""Bounds: time, size, depth and number."""

import http.client
import json
import threading
import time

import pytest

from harness.places import eventually
from harness.wire import CLIENTS, LegacyClient, ModernClient

MIB = 1 << 20


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "memory": {"max_message_size": "1MiB"},
            "servers.legacy": shop.steered("legacy", "--era", "legacy", sharing="shared", timeout_ms=1000),
            "servers.modern": shop.steered("modern", "--era", "modern", timeout_ms=1000),
            "servers.site": shop.steered_http("site", "--era", "modern", timeout_ms=1000),
            "servers.narrow": shop.steered(
                "narrow", "--era", "modern", max_concurrency=2, queue=2, timeout_ms=5000
            ),
        }
    )


@pytest.fixture
def client(gateway, client_era):
    return CLIENTS[client_era](gateway.port).initialize()


@pytest.mark.parametrize("server", ["legacy", "modern", "site"])
def test_a_call_that_takes_too_long_is_answered_and_given_up(gateway, client, server) -> None:
    given_up = len(gateway.events(server, "gave up"))
    begun = time.monotonic()
    answer = client.call(f"{server}__sleep", {"seconds": 20})
    assert 0.9 < time.monotonic() - begun < 6
    assert answer.result["isError"] is True
    facts = answer.result["_meta"]["attune"]
    assert (facts["server"], facts["tool"], facts["reason"]) == (
        server,
        f"{server}__sleep",
        "upstream_timeout",
    )
    assert answer.headers["attune-call-id"] == facts["call_id"]
    eventually(lambda: len(gateway.events(server, "gave up")) > given_up, 4, "the server giving up")


def test_a_late_answer_is_dropped_and_the_server_stays_in_use(gateway, client) -> None:
    assert client.call("legacy__deaf", {"seconds": 1.5}).result["isError"] is True
    time.sleep(0.8)
    assert json.loads(client.call("legacy__echo", {"after": 1}).result["content"][0]["text"]) == {"after": 1}


def test_a_request_over_the_limit_is_refused_and_reaches_no_server(gateway, client) -> None:
    before = len(gateway.received("modern", "tools/call"))
    answer = client.call("modern__echo", {"text": "x" * (MIB + 10)})
    assert answer.status == 413
    assert len(gateway.received("modern", "tools/call")) == before
    assert client.call("modern__echo", {"text": "x" * (MIB // 2)}).status == 200


@pytest.mark.parametrize("server", ["legacy", "modern", "site"])
def test_an_answer_over_the_limit_is_a_failure_of_that_call_only(client, server) -> None:
    answer = client.call(f"{server}__huge", {"bytes": MIB + 10})
    if "error" in answer.message:
        assert answer.error["code"] in (1005, 1006, 1002)
    else:
        assert answer.result["isError"] is True
    eventually(
        lambda: not client.call(f"{server}__echo").result.get("isError"), 12, "the server's next answer"
    )
    big = client.call(f"{server}__huge", {"bytes": MIB // 2}).result
    assert len(big["content"][0]["text"]) == MIB // 2


def test_a_server_gets_no_more_calls_at_once_than_it_may(gateway, client) -> None:
    answers: list = []
    begun = time.monotonic()
    threads = [
        threading.Thread(target=lambda: answers.append(client.call("narrow__sleep", {"seconds": 1})))
        for _ in range(8)
    ]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    done = [answer for answer in answers if "result" in answer.message and not answer.result.get("isError")]
    refused = [answer for answer in answers if "error" in answer.message]
    assert (len(done), len(refused)) == (4, 4)
    assert all(answer.error["code"] == 1004 for answer in refused)
    assert all(answer.error["data"]["attune"]["retry_after_ms"] >= 0 for answer in refused)
    assert time.monotonic() - begun >= 1.9


@pytest.mark.parametrize("depth", [127, 129, 10_000, 400_000])
def test_nesting_has_a_limit(gateway, depth) -> None:
    client = LegacyClient(gateway.port).initialize()
    nested = b"[" * (depth - 3) + b"]" * (depth - 3)
    body = json.dumps(
        client.body("tools/call", {"name": "modern__echo", "arguments": {"a": "PLACE"}})
    ).encode()
    answer = client.post(body.replace(b'"PLACE"', nested))
    assert answer.status == 200 if depth < 128 else answer.status in (400, 413, 422)


def test_more_connections_than_allowed_are_turned_away_and_come_in_later(workshop) -> None:
    gateway = workshop.gateway({"core": {"max_connections": 4}, "servers.a": workshop.steered("a")})
    clients = [ModernClient(gateway.port) for _ in range(4)]
    streams = [
        client.begin("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
        for client in clients
    ]
    assert not works(gateway)
    for stream in streams:
        stream.close()
    eventually(lambda: works(gateway), 10, "a free connection")


def works(gateway) -> bool:
    try:
        return ModernClient(gateway.port, timeout=2).request("tools/list").status == 200
    except (OSError, http.client.HTTPException):
        return False
