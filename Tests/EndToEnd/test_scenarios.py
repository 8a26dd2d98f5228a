"""The scenarios of the public conformance suite: each at a server itself and through the gateway.

`direct` speaks to the fixture server, so that a failure elsewhere is the gateway's; `transparent` goes
through `/mcp/<server>`, `federated` through `/mcp`, and `stdio` is the transparent path to a server over
stdio. An id ends with the eras of client and server and this path.
"""

import pytest

from harness import schemas
from harness.record import Record
from scenarios import ERAS, SCENARIOS, Place, Scenario
from scenarios.pending import PENDING

KINDS = ("direct", "transparent", "federated", "stdio")
FLAGS = ("--everything", "--ttl", 5000)


@pytest.fixture(scope="module")
def places(module_workshop) -> dict[tuple[str, str], Place]:
    """A gateway before one fixture of each era over HTTP, and one before both over stdio."""
    shop, found = module_workshop, {}
    for era in ERAS:
        record = shop.next_directory / "fixture.jsonl"
        section = shop.steered_http("fixture", "--era", era, *FLAGS)
        port = int(section["url"].split(":")[2].split("/")[0])
        gateway = shop.gateway({"servers.fixture": section})
        seen = Record(record)
        found["direct", era] = Place(port, "/mcp", era, direct=True, record=seen)
        found["transparent", era] = Place(gateway.port, "/mcp/fixture", era, record=seen)
        found["federated", era] = Place(gateway.port, "/mcp", era, "fixture__", record=seen)
    records = {era: Record(shop.next_directory / f"pipe-{era}.jsonl") for era in ERAS}
    sections = {f"servers.pipe-{era}": shop.steered(f"pipe-{era}", "--era", era, *FLAGS) for era in ERAS}
    gateway = shop.gateway(sections)
    for era in ERAS:
        found["stdio", era] = Place(gateway.port, f"/mcp/pipe-{era}", era, stdio=True, record=records[era])
    return found


def kinds(scenario: Scenario, client: str, server: str) -> list[str]:
    allowed = {
        "direct": scenario.direct and client == server,
        "federated": scenario.federated,
        "stdio": scenario.stdio,
    }
    return [kind for kind in KINDS if allowed.get(kind, True)]


def cases() -> list:
    found = []
    for scenario in SCENARIOS.values():
        for client, server in scenario.bridges():
            for kind in kinds(scenario, client, server):
                name = f"{scenario.name}-{client}-{server}-{kind}"
                reason = next((why for key, why in PENDING.items() if name.startswith(key)), None)
                marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason and kind != "direct" else []
                found.append(pytest.param(scenario, kind, client, server, id=name, marks=marks))
    return found


@pytest.mark.timeout(40)
@pytest.mark.parametrize(("scenario", "kind", "client", "server"), cases())
def test_scenario(places, scenario: Scenario, kind: str, client: str, server: str) -> None:
    scenario.run(places[kind, server], client)


@pytest.mark.shared
@pytest.mark.parametrize("server", ERAS)
def test_everything_that_the_gateway_wrote_to_a_server_is_valid(places, server: str) -> None:
    """Judges what the scenarios made the gateway send to a server over stdio; nobody else speaks to it."""
    version = "2026-07-28" if server == "modern" else "2025-11-25"
    messages = places["stdio", server].record.messages()
    assert messages
    for message in messages:
        if "not an object" in str(message):
            continue  # What a client sent wrong passes, for the server to refuse.
        if "method" not in message:
            assert ("result" in message) != ("error" in message), message
        elif message["method"] != "unknown/x" and (server, message["method"]) != (
            "legacy",
            "server/discover",
        ):
            schemas.check_sent_to_server(version, message)
