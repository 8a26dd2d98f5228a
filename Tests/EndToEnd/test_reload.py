"""Reloading: servers come and go while calls are under way, and none is dropped."""

import threading
import time

import pytest

from harness.places import eventually
from harness.wire import CLIENTS, LegacyClient, ModernClient


def names(client) -> set[str]:
    return {tool["name"].split("__")[0] for tool in client.request("tools/list").result["tools"]}


def reload(gateway, sections: dict) -> None:
    gateway.sections = sections
    gateway.write_configuration()
    status, body = gateway.get("/-/reload", "POST", 15)
    assert status == 200, body


def test_servers_are_added_and_removed_without_touching_others(workshop, client_era) -> None:
    stays, goes, comes = (workshop.steered(name, sharing="shared") for name in ("stays", "goes", "comes"))
    gateway = workshop.gateway({"servers.stays": stays, "servers.goes": goes})
    client = CLIENTS[client_era](gateway.port).initialize()
    eventually(lambda: names(client) == {"stays", "goes"}, 10, "both servers' tools")
    pid = client.call("stays__count").result["content"][0]["text"]
    reload(gateway, {"servers.stays": stays, "servers.comes": comes})
    eventually(lambda: names(client) == {"stays", "comes"}, 10, "the new list")
    assert client.call("comes__echo").result["content"]
    assert client.call("goes__echo").error["code"] == -32602
    assert client.call("stays__count").result["content"][0]["text"].split(",")[0] == pid.split(",")[0]
    eventually(lambda: gateway.events("goes", "end of input"), 10, "the end of the removed server")
    assert not gateway.events("stays", "end of input")


def test_no_call_under_way_is_dropped(workshop) -> None:
    one, two = (workshop.steered(name, sharing="shared") for name in ("one", "two"))
    gateway = workshop.gateway({"servers.one": one, "servers.two": two})
    stop, wrong, done = threading.Event(), [], []

    def work(client) -> None:
        while not stop.is_set():
            answer = client.call("one__sleep", {"seconds": 0.05})
            (
                done
                if answer.status == 200
                and answer.message.get("result", {}).get("isError") is not True
                and "result" in answer.message
                else wrong
            ).append(answer.message)

    workers = [
        threading.Thread(target=work, args=(client,))
        for client in [LegacyClient(gateway.port).initialize() for _ in range(3)]
        + [ModernClient(gateway.port) for _ in range(3)]
    ]
    [worker.start() for worker in workers]
    for number in range(6):
        time.sleep(0.3)
        reload(gateway, {"servers.one": one} | ({} if number % 2 == 0 else {"servers.two": two}))
    stop.set()
    [worker.join() for worker in workers]
    assert wrong == [] and len(done) > 60
    assert len(gateway.events("one", "start")) == 1


def test_a_call_to_a_removed_server_ends_as_it_began(workshop) -> None:
    goes = workshop.steered("goes")
    gateway = workshop.gateway({"servers.goes": goes, "servers.stays": workshop.steered("stays")})
    client, answers = ModernClient(gateway.port), []
    client.call("goes__count")
    asking = threading.Thread(target=lambda: answers.append(client.call("goes__sleep", {"seconds": 1.5})))
    asking.start()
    eventually(lambda: len(gateway.received("goes", "tools/call")) == 2, 5, "the call under way")
    reload(gateway, {name: keys for name, keys in gateway.sections.items() if name != "servers.goes"})
    asking.join(10)
    assert answers[0].result["content"][0]["text"] == "slept"


def test_a_change_of_the_servers_is_told_to_clients(workshop) -> None:
    stays = workshop.steered("stays")
    gateway = workshop.gateway({"servers.stays": stays})
    client = LegacyClient(gateway.port).initialize()
    with client.listen() as stream:
        reload(gateway, {"servers.stays": stays, "servers.comes": workshop.steered("comes")})
        methods = (event.message()["method"] for event in stream.events() if event.data)
        assert next(methods).endswith("/list_changed")


@pytest.mark.parametrize("text", ['[core]\nlistn = "x"\n', "[servers.a\n", "[servers.a]\ncommand = 7\n"])
def test_a_bad_configuration_is_refused_and_the_old_one_stays(workshop, text) -> None:
    gateway = workshop.gateway({"servers.stays": workshop.steered("stays")})
    gateway.file.write_text(text)
    status, body = gateway.get("/-/reload", "POST")
    assert status in (400, 422) and b"attune.toml" in body
    assert ModernClient(gateway.port).call("stays__echo").result["content"]
    assert gateway.json("/readyz")["status"] == "ready"
    gateway.write_configuration()
