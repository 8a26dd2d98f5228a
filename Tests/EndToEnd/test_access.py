"""Who may use the gateway, and what each may see and do."""

import hashlib
import json
import subprocess

import pytest

from harness.legacy_sdk import LegacySDK
from harness.places import binary
from harness.wire import LegacyClient, ModernClient

KEYS = {"ada": "attune_ada-0123456789", "bob": "attune_bob-0123456789"}
INVALID = 'Bearer error="invalid_token"'
SCOPE = 'Bearer error="insufficient_scope"'


def key_section(names=KEYS) -> list[dict]:
    return [
        {"principal": name, "hash": "sha256:" + hashlib.sha256(KEYS[name].encode()).hexdigest()}
        for name in names
    ]


def bearer(client, name: str):
    """The client, sending a key with every request."""
    plain = client.headers
    client.headers = lambda: plain() | {"Authorization": f"Bearer {KEYS.get(name, name)}"}
    return client


@pytest.fixture(scope="module")
def gateway(module_workshop):
    shop = module_workshop
    return shop.gateway(
        {
            "servers.one": shop.steered("one", "--era", "legacy"),
            "servers.two": shop.steered("two", "--era", "modern"),
            "profiles.few": {"tools": ["*__echo"]},
            "profiles.shut": {},
            "security.keys": key_section(),
            "security.rules": [
                {
                    "principals": ["b*"],
                    "servers": ["one"],
                    "deny_tools": ["*__crash"],
                    "profiles": ["few"],
                    "rate": 0.01,
                    "burst": 3,
                }
            ],
        }
    )


@pytest.mark.parametrize(
    ("key", "challenge"), [(None, "Bearer"), ("attune_nobody", INVALID), ("attune_ada-012345678", INVALID)]
)
@pytest.mark.parametrize("path", ["/mcp", "/mcp/one", "/mcp/none", "/profiles/few/mcp", "/sse", "/messages"])
def test_every_address_asks_for_a_key(gateway, path, key, challenge) -> None:
    for verb in ("GET", "POST", "DELETE"):
        client = LegacyClient(gateway.port, path + "?access_token=" + KEYS["ada"])
        if key:
            bearer(client, key)
        answer = client.send(verb, b"{}" if verb == "POST" else None, client.headers())
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == challenge


def test_the_sdk_works_with_a_key_and_not_without(gateway) -> None:
    ada = bearer(LegacyClient(gateway.port), "ada").initialize()
    assert ada.call("one__echo", {"text": "x"}).result["content"]
    for client in (bearer(LegacyClient(gateway.port), "bob"), LegacyClient(gateway.port)):
        client.session = ada.session
        assert client.request("ping").status in (401, 404)
    assert bearer(ModernClient(gateway.port), "ada").call("two__echo").result["content"]
    with pytest.raises(AssertionError), LegacySDK("http", gateway.url):
        pass


def test_a_rule_hides_servers_and_tools(gateway) -> None:
    bob = bearer(LegacyClient(gateway.port), "bob").initialize()
    names = {tool["name"] for tool in bob.request("tools/list").result["tools"]}
    assert names and all(name.startswith("one__") for name in names)
    assert "one__crash" not in names
    for hidden in ("two__echo", "one__crash"):
        assert bob.call(hidden).error["code"] == -32602
    few = bearer(LegacyClient(gateway.port, "/profiles/few/mcp"), "bob").initialize()
    assert [tool["name"] for tool in few.request("tools/list").result["tools"]] == ["one__echo"]
    own = bearer(LegacyClient(gateway.port, "/mcp/one"), "bob").initialize()
    assert "crash" not in {tool["name"] for tool in own.request("tools/list").result["tools"]}
    assert own.call("crash").error["code"] == -32602
    for path in ("/mcp/two", "/profiles/shut/mcp"):
        refused = bearer(ModernClient(gateway.port, path), "bob").request("server/discover")
        assert refused.status == 403
        assert refused.headers["www-authenticate"] == SCOPE
    ada = bearer(LegacyClient(gateway.port), "ada").initialize()
    names = {tool["name"] for tool in ada.request("tools/list").result["tools"]}
    assert {"one__crash", "two__crash"} <= names


def test_calls_beyond_the_rate_are_refused_and_told_when_to_come_back(gateway) -> None:
    bob = bearer(LegacyClient(gateway.port), "bob").initialize()
    answers = [bob.call("one__echo").message for _ in range(5)]
    refused = json.dumps(answers[-1])
    assert '"overloaded"' in refused and '"retry_after_ms"' in refused
    ada = bearer(LegacyClient(gateway.port), "ada").initialize()
    assert all(ada.call("one__echo").result["content"] for _ in range(5))


def test_a_key_that_was_taken_out_opens_nothing_after_a_reload(workshop) -> None:
    sections = {"servers.one": workshop.steered("one"), "security.keys": key_section()}
    gateway = workshop.gateway(sections)
    bob = bearer(ModernClient(gateway.port), "bob")
    assert bob.request("tools/list").status == 200
    gateway.sections["security.keys"] = key_section(["ada"])
    gateway.write_configuration()
    status, _ = gateway.get("/-/reload", "POST")
    assert status == 200
    assert bob.request("tools/list").status == 401
    assert bearer(ModernClient(gateway.port), "ada").request("tools/list").status == 200


def test_the_key_reaches_no_server_and_no_log(workshop) -> None:
    sections = {
        "servers.far": workshop.steered_http("far", "--era", "modern"),
        "security.keys": key_section(),
    }
    directory = workshop.next_directory
    gateway = workshop.gateway(sections)
    assert bearer(ModernClient(gateway.port), "ada").call("far__echo").result["content"]
    record = (directory / "far.jsonl").read_text()
    assert record and KEYS["ada"] not in record and KEYS["ada"] not in gateway.log()
    calls = gateway.json("/api/v1/calls")["items"]
    assert calls[0]["principal"] == "ada"


def test_keys_are_made_and_hashed() -> None:
    made = subprocess.run([binary(), "keys", "new", "ada", "-o", "json"], capture_output=True, check=True)
    fresh = json.loads(made.stdout)
    assert fresh["hash"] == "sha256:" + hashlib.sha256(fresh["key"].encode()).hexdigest()
    text = subprocess.run([binary(), "keys", "new", "ada"], capture_output=True, check=True, text=True)
    key, _, section = text.stdout.partition("\n\n")
    assert key.startswith("attune_") and key != fresh["key"]
    assert section.startswith('[[security.keys]]\nprincipal = "ada"\nhash = "sha256:')
    hashed = subprocess.run(
        [binary(), "keys", "hash"], input=fresh["key"] + "\n", capture_output=True, check=True, text=True
    )
    assert hashed.stdout.strip() == fresh["hash"]
    assert subprocess.run([binary(), "keys", "hash"], input=b"", capture_output=True).returncode == 2
    assert subprocess.run([binary(), "keys", "new", "a b"], capture_output=True).returncode == 2


def test_a_principal_shows_a_server_credentials_of_its_own(workshop) -> None:
    secret = workshop.directory / "secret"
    secret.write_text("of-ada\n")
    directory = workshop.next_directory
    far = workshop.steered_http("far", "--era", "legacy") | {"headers": {"X-Token": "of-all"}}
    gateway = workshop.gateway(
        {
            "servers.far": far,
            "servers.far.principals.ada": {"headers": {"X-Token": f"${{file:{secret}}}"}},
            "security.keys": key_section(),
        }
    )
    for name, token in (("ada", "of-ada"), ("bob", "of-all"), ("ada", "of-ada")):
        for client in (
            ModernClient(gateway.port),
            LegacyClient(gateway.port),
            ModernClient(gateway.port, "/mcp/far"),
        ):
            caller = bearer(client, name).initialize()
            tool = "echo" if client.path.endswith("far") else "far__echo"
            assert caller.call(tool, {"by": name + token}).result["content"]
    seen = set()
    for line in (directory / "far.jsonl").read_text().splitlines():
        entry = json.loads(line)
        text = json.dumps(entry)
        for name, token in (("ada", "of-ada"), ("bob", "of-all")):
            if name + token in text:
                headers = {key.lower(): value for key, value in dict(entry["headers"]).items()}
                assert headers["x-token"] == token
                seen.add(name)
    assert seen == {"ada", "bob"}
    assert "of-ada" not in gateway.log()
