"""The rules of 2026-07-28 over HTTP: per-request metadata, headers that match the body, and listening."""

import base64
import json
import threading

import pytest

from harness import schemas
from harness.places import eventually
from harness.wire import BOTH_TYPES, META, LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.legacy": shop.steered("legacy", "--era", "legacy", sharing="shared"),
            "servers.modern": shop.steered("modern", "--era", "modern"),
            "servers.site": shop.steered_http("site", "--era", "modern"),
        }
    )


@pytest.fixture
def client(gateway) -> ModernClient:
    return ModernClient(gateway.port)


def test_discovery_names_versions_capabilities_and_the_gateway(client) -> None:
    result = client.request("server/discover").result
    assert result["supportedVersions"] == ["2026-07-28"] or "2026-07-28" in result["supportedVersions"]
    assert result["resultType"] == "complete"
    assert result["_meta"][META + "serverInfo"]["name"] == "attune"
    assert result["ttlMs"] >= 0 and result["cacheScope"] in ("public", "private")


@pytest.mark.parametrize(
    "method", ["tools/list", "prompts/list", "resources/list", "resources/templates/list"]
)
def test_lists_carry_their_caching_hints(client, method) -> None:
    result = client.request(method).result
    assert isinstance(result["ttlMs"], int) and result["ttlMs"] >= 0
    assert result["cacheScope"] in ("public", "private") and result["resultType"] == "complete"


@pytest.mark.parametrize("missing", ["protocolVersion", "clientCapabilities"])
def test_metadata_that_is_required_and_missing_is_an_invalid_parameter(client, missing) -> None:
    body = client.body("tools/list")
    del body["params"]["_meta"][META + missing]
    answer = client.send("POST", json.dumps(body).encode(), client.headers_for(body))
    assert answer.status == 400 and answer.error["code"] in (
        (-32602, -32020) if missing == "protocolVersion" else (-32602,)
    )


def test_the_client_need_not_name_itself(client) -> None:
    body = client.body("tools/list")
    del body["params"]["_meta"][META + "clientInfo"]
    assert client.send("POST", json.dumps(body).encode(), client.headers_for(body)).status == 200


def test_a_version_that_is_not_supported_is_refused_with_those_that_are(client) -> None:
    client.version = "2027-01-01"
    body = client.body("tools/list")
    answer = client.send("POST", json.dumps(body).encode(), client.headers_for(body))
    assert (answer.status, answer.error["code"]) == (400, -32022)
    assert (
        answer.error["data"]["requested"] == "2027-01-01"
        and "2026-07-28" in answer.error["data"]["supported"]
    )


MISMATCHES = [
    ("MCP-Protocol-Version", "2025-11-25"),
    ("Mcp-Method", "tools/list"),
    ("Mcp-Method", ""),
    ("Mcp-Name", "modern__count"),
    ("Mcp-Name", "MODERN__ECHO"),
    ("Mcp-Name", "=?base64?!!!?="),
    ("MCP-Protocol-Version", None),
    ("Mcp-Method", None),
    ("Mcp-Name", None),
]


@pytest.mark.parametrize(("header", "value"), MISMATCHES)
def test_a_header_that_does_not_match_the_body_is_refused(gateway, client, header, value) -> None:
    before = len(gateway.received("modern", "tools/call"))
    body = client.body("tools/call", {"name": "modern__echo", "arguments": {}})
    headers = client.headers_for(body)
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    answer = client.send("POST", json.dumps(body).encode(), headers)
    assert (answer.status, answer.error["code"]) == (400, -32020)
    assert answer.message["id"] == body["id"]
    assert len(gateway.received("modern", "tools/call")) == before


def test_header_names_are_insensitive_to_case_and_values_may_be_padded_or_encoded(client) -> None:
    body = client.body("tools/call", {"name": "modern__echo", "arguments": {}})
    encoded = "=?base64?" + base64.b64encode(b"modern__echo").decode() + "?="
    for name, value in (
        ("mcp-name", "modern__echo"),
        ("MCP-NAME", "  modern__echo  "),
        ("Mcp-Name", encoded),
    ):
        headers = client.headers_for(body)
        del headers["Mcp-Name"]
        assert client.send("POST", json.dumps(body).encode(), headers | {name: value}).status == 200


def test_a_name_outside_ascii_is_carried_encoded(client) -> None:
    body = client.body("resources/read", {"uri": "steered://modern/items/ü"})
    headers = client.headers_for(body)
    headers["Mcp-Name"] = "=?base64?" + base64.b64encode("steered://modern/items/ü".encode()).decode() + "?="
    answer = client.send("POST", json.dumps(body).encode(), headers)
    assert answer.result["contents"][0]["text"] == "content of items/ü"


@pytest.mark.parametrize("method", ["unknown/method", "ping", "logging/setLevel", "resources/subscribe"])
def test_a_method_that_the_revision_does_not_have_is_not_found(client, method) -> None:
    answer = client.request(method, {"uri": "x", "level": "info"})
    assert (answer.status, answer.error["code"]) == (404, -32601)


@pytest.mark.parametrize("verb", ["GET", "DELETE"])
def test_a_modern_get_or_delete_is_not_allowed(gateway, verb) -> None:
    client = ModernClient(gateway.port)
    answer = client.send(verb, None, {"Accept": BOTH_TYPES, "MCP-Protocol-Version": "2026-07-28"})
    assert answer.status == 405


def test_a_batch_is_refused(client) -> None:
    body = client.body("tools/list")
    answer = client.send("POST", json.dumps([body]).encode(), client.headers_for(body))
    assert (answer.status, answer.error["code"]) == (400, -32600)


def test_no_session_is_made_and_a_session_header_means_nothing(client) -> None:
    answer = client.request("tools/list", Mcp_Session_Id="left-over")
    assert answer.status == 200 and "mcp-session-id" not in answer.headers


def test_both_eras_are_served_at_once(gateway, client) -> None:
    old = LegacyClient(gateway.port).initialize()
    assert (
        old.call("modern__echo", {"x": 1}).result["content"]
        == client.call("modern__echo", {"x": 1}).result["content"]
    )


def test_a_log_message_comes_only_to_a_request_that_asks_for_it(client) -> None:
    quiet = client.call("modern__log")
    assert quiet.notifications == []
    told = client.call("modern__log", meta={META + "logLevel": "info"})
    assert [note["method"] for note in told.notifications] == ["notifications/message"]


def test_the_progress_of_a_call_comes_only_to_that_call(client) -> None:
    answers: list = []

    def ask(token: str) -> None:
        answers.append(
            (
                token,
                client.call(
                    "modern__progress", {"count": 10, "interval": 0.02}, meta={"progressToken": token}
                ),
            )
        )

    threads = [threading.Thread(target=ask, args=(f"token-{number}",)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    for token, answer in answers:
        assert {note["params"]["progressToken"] for note in answer.notifications} == {token}
        assert len(answer.notifications) == 10


class TestListening:
    @staticmethod
    def listen(client: ModernClient, identifier: object, **wanted: object):
        stream = client.begin("subscriptions/listen", {"notifications": wanted}, identifier)
        assert stream.status == 200 and stream.is_event_stream
        assert stream.headers.get("x-accel-buffering") == "no"
        events = (event.message() for event in stream.events() if event.data)
        first = next(events)
        schemas.check_message("2026-07-28", first)
        assert first["method"] == "notifications/subscriptions/acknowledged"
        return stream, events, first

    @pytest.mark.parametrize("server", ["legacy", "modern", "site"])
    @pytest.mark.parametrize("identifier", [12, "twelve"])
    def test_a_change_comes_tagged_with_the_id_of_the_request(
        self, gateway, client, server, identifier
    ) -> None:
        client.call(f"{server}__count")
        stream, events, first = self.listen(client, identifier, toolsListChanged=True)
        with stream:
            assert first["params"]["notifications"] == {"toolsListChanged": True}
            assert first["params"]["_meta"][META + "subscriptionId"] == identifier
            client.call(f"{server}__change", {"kind": "tools"})
            change = next(events)
            schemas.check_message("2026-07-28", change)
            assert change["method"] == "notifications/tools/list_changed"
            assert change["params"]["_meta"][META + "subscriptionId"] == identifier
        eventually(
            lambda: (
                f"{server}__added0" in [tool["name"] for tool in client.request("tools/list").result["tools"]]
            ),
            4,
            "the added tool",
        )

    def test_what_was_not_asked_for_does_not_come(self, gateway, client) -> None:
        stream, events, first = self.listen(client, 1, promptsListChanged=True)
        with stream:
            client.call("modern__change", {"kind": "tools"})
            client.call("modern__change", {"kind": "prompts"})
            assert next(events)["method"] == "notifications/prompts/list_changed"

    @pytest.mark.timeout(30)
    @pytest.mark.parametrize("server", ["legacy", "modern", "site"])
    def test_updates_of_a_resource_are_told_or_not_agreed_to(self, client, server) -> None:
        """Whichever it is has to fit what discovery says of the gateway."""
        capabilities = client.request("server/discover").result["capabilities"]
        uri = f"steered://{server}/one"
        stream, events, first = self.listen(client, "u", resourceSubscriptions=[uri])
        with stream:
            if not capabilities["resources"].get("subscribe"):
                assert not first["params"]["notifications"].get("resourceSubscriptions")
                return
            assert first["params"]["notifications"] == {"resourceSubscriptions": [uri]}
            client.call(f"{server}__touch", {"uri": f"steered://{server}/two"})
            client.call(f"{server}__touch", {"uri": uri})
            update = next(events)
            schemas.check_message("2026-07-28", update)
            assert update["params"]["uri"] == uri and update["method"] == "notifications/resources/updated"
