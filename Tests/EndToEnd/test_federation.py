"""Many servers behind one address: names, lists, filters, profiles and the transparent path."""

import json
import subprocess
import sys

import pytest

from harness.places import SUITE, eventually
from harness.wire import CLIENTS, LegacyClient, ModernClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.alpha": shop.steered("alpha", "--era", "legacy", "--long-name", sharing="shared"),
            "servers.beta": shop.steered(
                "beta",
                "--era",
                "modern",
                allow=["e*", "count"],
                deny=["error", "exact"],
                rename={"echo": "say"},
            ),
            "servers.gamma": shop.steered_http("gamma", "--era", "dual", "--pages", 4),
            "profiles.small": {"servers": ["alpha", "beta"], "tools": ["alpha__e*", "beta__*"]},
        }
    )


def names(client, kind: str = "tools") -> list[str]:
    """The names of a whole list, all pages of it."""
    found, cursor = [], None
    while True:
        result = client.request(f"{kind}/list", {"cursor": cursor} if cursor is not None else {}).result
        found += [item.get("name") for item in result[kind]]
        cursor = result.get("nextCursor")
        if cursor is None:
            return found


def full(gateway, era: str, path: str = "/mcp"):
    """A client that sees every server up."""
    eventually(
        lambda: (
            {row["state"] for row in gateway.json("/api/v1/servers")["items"]} <= {"up", "ready"}
            or names(CLIENTS[era](gateway.port, path).initialize())
        ),
        20,
        "the servers",
    )
    return CLIENTS[era](gateway.port, path).initialize()


def test_a_list_holds_the_tools_of_every_server_under_its_configured_name(gateway, client_era) -> None:
    listed = names(full(gateway, client_era))
    assert {"alpha__echo", "alpha__sleep", "gamma__echo", "gamma__list-content"} <= set(listed)
    assert all(name.split("__")[0] in ("alpha", "beta", "gamma") for name in listed)
    assert len(listed) == len(set(listed))


def test_a_list_has_the_same_order_for_every_client_and_after_a_restart(
    gateway, client_era, workshop
) -> None:
    first, again = names(full(gateway, client_era)), names(full(gateway, client_era))
    assert first == again == names(full(gateway, "modern"))


def test_allow_deny_and_rename_shape_what_a_server_shows(gateway, client_era) -> None:
    listed = [name for name in names(full(gateway, client_era)) if name.startswith("beta__")]
    assert sorted(listed) == ["beta__count", "beta__say"]


def test_a_renamed_tool_reaches_the_server_under_its_own_name(gateway, client_era) -> None:
    answer = full(gateway, client_era).call("beta__say", {"through": client_era})
    assert json.loads(answer.result["content"][0]["text"]) == {"through": client_era}
    assert gateway.received("beta", "tools/call")[-1]["params"]["name"] == "echo"


@pytest.mark.parametrize(
    "name", ["beta__error", "beta__echo", "beta__sleep", "nobody__echo", "echo", "", "alpha__"]
)
def test_a_tool_that_is_not_shown_is_unknown_and_reaches_no_server(gateway, client_era, name) -> None:
    client = full(gateway, client_era)
    before = len(gateway.received("beta", "tools/call")) + len(gateway.received("alpha", "tools/call"))
    assert client.call(name).error["code"] == -32602
    after = len(gateway.received("beta", "tools/call")) + len(gateway.received("alpha", "tools/call"))
    assert after == before


def test_a_long_name_is_cut_and_mapped_back(gateway, client_era) -> None:
    client = full(gateway, client_era)
    cut = [name for name in names(client) if name.startswith("alpha__long")]
    assert len(cut) == 1 and len(cut[0]) == 64
    assert client.call(cut[0]).result["content"][0]["text"] == "this is " + "long" * 20
    row = [row for row in gateway.listing("ls", "tools") if row["name"] == cut[0]][0]
    assert (row["server"], row["upstream_name"]) == ("alpha", "long" * 20)


def test_a_profile_serves_its_selection(gateway, client_era) -> None:
    client = full(gateway, client_era, "/profiles/small/mcp")
    assert sorted(names(client)) == sorted(
        ["alpha__echo", "alpha__error", "alpha__exact", "beta__count", "beta__say"]
    )
    assert client.call("alpha__echo", {"x": 1}).status == 200
    assert client.call("gamma__echo").error["code"] == -32602


def test_prompts_carry_the_prefix_and_resources_keep_their_uris(gateway, client_era) -> None:
    client = full(gateway, client_era)
    assert {"alpha__greet", "gamma__greet"} <= set(names(client, "prompts"))
    uris = [item["uri"] for item in client.request("resources/list").result["resources"]]
    assert {"steered://alpha/one", "steered://gamma/one"} <= set(uris)
    for uri in ("steered://alpha/two", "steered://gamma/items/7"):
        contents = client.request("resources/read", {"uri": uri}).result["contents"]
        assert contents[0]["uri"] == uri and contents[0]["text"] == "content of " + uri.split("/", 3)[3]


@pytest.mark.parametrize("path", ["/mcp/nobody", "/profiles/nobody/mcp", "/", "/mcpx", "/mcp/alpha/more"])
def test_an_address_of_nothing_is_not_found(gateway, path) -> None:
    assert LegacyClient(gateway.port, path).post({"jsonrpc": "2.0", "id": 1, "method": "ping"}).status == 404


def direct_answers(flags: list[str], requests: list[tuple[str, dict]]) -> list[bytes]:
    """The lines that a server answers when nothing stands between; the first is the answer to initialize."""
    line = [sys.executable, str(SUITE / "servers" / "stdio_server.py"), *flags]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    client = {"name": "x", "version": "1"}
    handshake = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client}
    answers = []
    for number, (method, params) in enumerate([("initialize", handshake), *requests]):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        answers.append(process.stdout.readline().strip())
    process.stdin.close()
    process.wait(5)
    process.stdout.close()
    return answers


def test_the_transparent_path_shows_a_server_as_it_is(gateway) -> None:
    requests = [
        ("tools/call", {"name": "exact", "arguments": {}}),
        ("tools/list", {}),
        ("resources/list", {}),
        ("resources/templates/list", {}),
        ("prompts/list", {}),
        ("prompts/get", {"name": "nobody"}),
        ("resources/read", {"uri": "steered://alpha/none"}),
        ("unknown/method", {}),
    ]
    flags = ["--era", "legacy", "--name", "alpha", "--long-name"]
    first, exact, *others = direct_answers(flags, requests)
    client = LegacyClient(gateway.port, "/mcp/alpha").initialize()
    theirs = json.loads(first)["result"]
    assert client.initialization["serverInfo"] == theirs["serverInfo"]
    assert client.initialization.get("instructions") == theirs["instructions"]
    assert client.call("exact").raw_result == exact.partition(b'"result":')[2][:-1]
    for (method, params), expected in zip(requests[1:], map(json.loads, others), strict=True):
        message = client.request(method, params).message
        assert {**message, "id": expected["id"]} == expected, method


def test_a_uri_of_two_servers_stays_readable_on_both(workshop) -> None:
    gateway = workshop.gateway(
        {
            "servers.left": workshop.steered("same", "--era", "modern"),
            "servers.right": workshop.steered("same", "--era", "legacy", sharing="shared"),
        }
    )
    client = full(gateway, "modern")
    uris = eventually(
        lambda: [u for u in [item["uri"] for item in client.request("resources/list").result["resources"]]][
            :9
        ],
        10,
        "resources",
    )
    assert len(uris) == len(set(uris)) == 4
    for uri in uris:
        assert (
            client.request("resources/read", {"uri": uri})
            .result["contents"][0]["text"]
            .startswith("content of ")
        )


def test_the_modern_client_discovers_what_the_servers_can_do(gateway) -> None:
    full(gateway, "modern")
    found = ModernClient(gateway.port).request("server/discover").result
    assert "2026-07-28" in found["supportedVersions"]
    assert {"tools", "prompts", "resources", "completions"} <= set(found["capabilities"])
