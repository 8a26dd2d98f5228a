"""Request ids are the client's own: their type and every byte come back, whatever is used upstream."""

import json
import threading

import pytest

from harness.wire import CLIENTS

RAW = [
    b"0",
    b"-1",
    b"7",
    b"9007199254740993",
    b"123456789012345678",
    b"9223372036854775807",
    b'"7"',
    b'""',
    b'"a \\"quoted\\" id"',
    b'"\\u00e9\\ud83d\\ude00"',
    '"é"'.encode(),
    b'"' + b"x" * 200 + b'"',
]
PATHS = ["/mcp", "/mcp/legacy", "/mcp/modern"]


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.legacy": shop.steered("legacy", "--era", "legacy"),
            "servers.modern": shop.steered("modern", "--era", "modern"),
        }
    )


def ask(client, raw: bytes, method: str, params: dict):
    """Sends a request whose id has exactly these bytes."""
    body = client.body(method, params, "PLACE")
    data = json.dumps(body).encode().replace(b'"PLACE"', raw)
    headers = client.headers_for(body) if hasattr(client, "headers_for") else client.headers()
    return client.send("POST", data, headers)


@pytest.mark.parametrize("raw", RAW)
@pytest.mark.parametrize("path", PATHS)
def test_the_bytes_of_an_id_come_back(gateway, client_era, path, raw) -> None:
    client = CLIENTS[client_era](gateway.port, path).initialize()
    prefix = "legacy__" if path == "/mcp" else ""
    requests = [
        ("tools/call", {"name": prefix + "echo", "arguments": {}}),
        ("tools/list", {}),
        ("tools/call", {"name": prefix + "nothing", "arguments": {}}),
        ("unknown/method", {}),
    ]
    for method, params in requests:
        answer = ask(client, raw, method, params)
        assert b'"id":' + raw + b"," in answer.body.replace(b'"id": ', b'"id":') or answer.body.endswith(
            b'"id":' + raw + b"}"
        ), answer.body[:300]


@pytest.mark.parametrize("raw", [b"null", b"1.5", b"true", b"[1]", b"{}", b"1e3"])
def test_an_id_that_is_no_id_is_an_invalid_request(gateway, client_era, raw) -> None:
    client = CLIENTS[client_era](gateway.port).initialize()
    answer = ask(client, raw, "tools/list", {})
    assert (answer.status, answer.error["code"]) == (400, -32600)


@pytest.mark.parametrize("server", ["legacy", "modern"])
def test_many_calls_at_once_get_their_own_answers(gateway, client_era, server) -> None:
    client = CLIENTS[client_era](gateway.port).initialize()
    wrong: list = []

    def run(worker: int) -> None:
        for number in range(20):
            identifier = f"{worker}-{number}" if number % 2 else worker * 1000 + number
            answer = client.call(f"{server}__echo", {"me": f"{worker}.{number}"}, identifier=identifier)
            if (
                answer.message["id"] != identifier
                or f"{worker}.{number}" not in answer.result["content"][0]["text"]
            ):
                wrong.append(answer.message)

    threads = [threading.Thread(target=run, args=(worker,)) for worker in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []


def test_call_ids_are_unique_and_listed(gateway, client_era) -> None:
    client = CLIENTS[client_era](gateway.port).initialize()
    identifiers = [client.call("modern__count").headers["attune-call-id"] for _ in range(10)]
    assert len(set(identifiers)) == 10
    rows = {row["call_id"]: row for row in gateway.listing("ls", "calls")}
    for identifier in identifiers:
        assert (rows[identifier]["server"], rows[identifier]["outcome"]) == ("modern", "ok")


def test_every_byte_of_arguments_and_results_passes(gateway, client_era) -> None:
    era = client_era
    client = CLIENTS[client_era](gateway.port, f"/mcp/{era}").initialize()
    arguments = b'{ "big":123456789012345678901234567890 ,"e":1.50E+02,"z":-0.0, "u":"\\u00e9\\/", "x":[ ]}'
    body = client.body("tools/call", {"name": "exact", "arguments": "PLACE"})
    headers = client.headers_for(body) if hasattr(client, "headers_for") else client.headers()
    answer = client.send("POST", json.dumps(body).encode().replace(b'"PLACE"', arguments), headers)
    sent = [entry["body"] for entry in gateway.record(era) if '"exact"' in (entry.get("body") or "")][-1]
    assert arguments.decode() in sent
    assert (
        b'"e": 1.50E+02, "z": -0.0, "nested": [[[]]]' in answer.body
        and b"\\u00e9 \\ud83d\\ude00 \\/ end" in answer.body
    )
    assert b'"x-unknown": {"b": 1, "a": 2}' in answer.body
