"""The rules of Streamable HTTP for the handshake revisions."""

import json
import string

import pytest

from harness import schemas
from harness.places import LEGACY_VERSIONS, eventually
from harness.wire import BOTH_TYPES, LegacyClient

STREAMABLE = LEGACY_VERSIONS[1:]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.legacy": shop.steered("legacy", "--era", "legacy"),
            "servers.shared": shop.steered("shared", "--era", "legacy", sharing="shared"),
            "servers.modern": shop.steered("modern", "--era", "modern"),
        }
    )


@pytest.fixture(params=STREAMABLE)
def version(request) -> str:
    return request.param


@pytest.fixture
def client(gateway, version) -> LegacyClient:
    return LegacyClient(gateway.port, version=version).initialize()


@pytest.mark.parametrize("asked", LEGACY_VERSIONS)
def test_a_revision_that_is_known_is_agreed_to(gateway, asked) -> None:
    assert LegacyClient(gateway.port, version=asked).initialize().version == asked


@pytest.mark.parametrize("asked", ["1999-01-01", "2099-12-31", "", "latest"])
def test_a_revision_that_is_unknown_is_answered_with_the_newest_of_the_handshake(gateway, asked) -> None:
    client = LegacyClient(gateway.port)
    client.version = asked
    body = client.body(
        "initialize",
        {"protocolVersion": asked, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    )
    assert client.post(body).result["protocolVersion"] == "2025-11-25"


def test_session_ids_are_visible_long_and_different(gateway) -> None:
    sessions = {LegacyClient(gateway.port).initialize().session for _ in range(20)}
    assert len(sessions) == 20
    for session in sessions:
        assert len(session) >= 22 and set(session) <= set(
            string.ascii_letters + string.digits + string.punctuation
        )


def test_a_request_without_a_session_is_bad(gateway) -> None:
    answer = LegacyClient(gateway.port).request("tools/list")
    assert answer.status == 400


def test_a_request_of_an_unknown_session_is_not_found(gateway, client) -> None:
    client.session = "f" * len(client.session)
    assert client.request("tools/list").status == 404
    with client.listen() as stream:
        assert stream.status == 404
    assert client.delete().status == 404


def test_an_ended_session_is_not_found(gateway, client) -> None:
    assert client.delete().status in (200, 204)
    assert client.request("ping").status == 404


def test_two_sessions_may_use_the_same_ids(gateway, version) -> None:
    clients = [LegacyClient(gateway.port, version=version).initialize() for _ in range(2)]
    answers = [
        client.call("modern__echo", {"n": number}, identifier=1) for number, client in enumerate(clients)
    ]
    assert [json.loads(answer.result["content"][0]["text"])["n"] for answer in answers] == [0, 1]


def test_notifications_and_responses_are_accepted_without_a_body(client) -> None:
    for message in (
        {"jsonrpc": "2.0", "method": "notifications/roots/list_changed"},
        {"jsonrpc": "2.0", "method": "notifications/unknown", "params": {"x": 1}},
        {"jsonrpc": "2.0", "id": 99, "result": {}},
        {"jsonrpc": "2.0", "id": "99", "error": {"code": -1, "message": "no"}},
    ):
        answer = client.post(message)
        assert (answer.status, answer.body) == (202, b"")


def test_an_unknown_method_is_an_error_over_200(client) -> None:
    answer = client.request("unknown/method")
    assert (answer.status, answer.error["code"]) == (200, -32601)


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "HEAD", "TRACE"])
def test_other_verbs_are_not_allowed(gateway, verb) -> None:
    answer = LegacyClient(gateway.port).send(verb, b"", {"Accept": BOTH_TYPES})
    assert answer.status == 405 and "POST" in answer.headers["allow"]


def test_a_body_that_is_no_json_media_type_is_refused(gateway) -> None:
    client = LegacyClient(gateway.port)
    answer = client.post(INITIALIZE, Content_Type="text/plain")
    assert answer.status in (400, 415)


def test_an_unknown_version_in_the_header_is_refused(client, version) -> None:
    if version == "2025-03-26":
        pytest.skip("the header came with 2025-06-18")
    assert client.post(client.body("ping"), MCP_Protocol_Version="2020-01-01").status == 400


def test_before_the_handshake_ends_only_pings_pass(gateway) -> None:
    client = LegacyClient(gateway.port)
    answer = client.request("initialize", INITIALIZE["params"])
    client.session = answer.headers["mcp-session-id"]
    assert client.request("ping").result == {}


class TestBatches:
    def test_a_batch_is_answered_as_a_batch_in_2025_03_26(self, gateway) -> None:
        client = LegacyClient(gateway.port, version="2025-03-26").initialize()
        batch = [
            client.body("ping", identifier="a"),
            client.body("tools/call", {"name": "modern__count"}, 2),
            {"jsonrpc": "2.0", "method": "notifications/unknown"},
            client.body("unknown/method", identifier=3),
        ]
        answer = client.post(batch)
        assert answer.status == 200
        answers = [
            item
            for message in answer.messages
            for item in (message if isinstance(message, list) else [message])
        ]
        assert {item["id"] for item in answers} == {"a", 2, 3}
        assert {item["id"] for item in answers if "error" in item} == {3}
        for message in answer.messages:
            schemas.check_message("2025-03-26", message)

    def test_a_batch_of_notifications_is_accepted(self, gateway) -> None:
        client = LegacyClient(gateway.port, version="2025-03-26").initialize()
        assert client.post([{"jsonrpc": "2.0", "method": "notifications/unknown"}] * 2).status == 202

    @pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
    def test_a_batch_is_refused_in_later_revisions(self, gateway, version) -> None:
        client = LegacyClient(gateway.port, version=version).initialize()
        answer = client.post([client.body("ping")])
        assert (answer.status, answer.error["code"]) == (400, -32600)

    def test_an_empty_batch_and_an_initialize_in_a_batch_are_refused(self, gateway) -> None:
        client = LegacyClient(gateway.port, version="2025-03-26").initialize()
        assert client.post([]).status == 400
        fresh = LegacyClient(gateway.port)
        assert fresh.post([INITIALIZE]).status == 400


class TestStream:
    @pytest.mark.timeout(15)
    @pytest.mark.parametrize("server", ["legacy", "shared", "modern"])
    @pytest.mark.parametrize("kind", ["tools", "prompts", "resources"])
    def test_a_change_in_a_server_arrives_on_the_stream(self, client, server, kind) -> None:
        client.call(f"{server}__count")
        with client.listen() as stream:
            assert stream.status == 200 and stream.is_event_stream
            client.call(f"{server}__change", {"kind": kind})
            event = next(event for event in stream.events() if event.data)
            message = event.message()
            schemas.check_message(client.version, message)
            assert message["method"] == f"notifications/{kind}/list_changed"

    def test_what_was_added_is_listed_and_can_be_called(self, client) -> None:
        client.call("shared__change", {"kind": "tools"})
        eventually(
            lambda: (
                "shared__added0" in [tool["name"] for tool in client.request("tools/list").result["tools"]]
            ),
            4,
            "the added tool",
        )
        assert client.call("shared__added0").result["content"][0]["text"] == "this is added0"

    def test_a_stream_has_to_be_accepted(self, client) -> None:
        with client.listen(Accept="application/json") as stream:
            assert stream.status in (405, 406)

    def test_the_stream_ends_with_the_session(self, client) -> None:
        with client.listen() as stream:
            client.delete()
            assert [event for event in stream.events() if event.data] == []

    def test_a_client_that_hangs_up_does_not_cancel(self, gateway, client) -> None:
        begun = len(gateway.received("legacy", "tools/call"))
        stream = client.begin(
            "tools/call",
            {
                "name": "legacy__progress",
                "arguments": {"count": 5, "interval": 0.1},
                "_meta": {"progressToken": 1},
            },
        )
        next(stream.events())
        stream.close()
        eventually(lambda: len(gateway.received("legacy", "tools/call")) > begun, 5)
        client.call("legacy__sleep", {"seconds": 0.8})
        assert gateway.events("legacy", "gave up") == []
