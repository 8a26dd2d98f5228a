"""What the public conformance suite calls scenarios: one behaviour each, and on which bridges it is shown."""

import dataclasses
from collections.abc import Callable

from harness.peers import PEERS, LegacyPeer, ModernPeer
from harness.record import Record

ERAS = ("legacy", "modern")
FEATURES: list[str] = []


@dataclasses.dataclass
class Place:
    """Where a server is reached: itself, or one path of a gateway in front of it."""

    port: int
    path: str
    server: str
    prefix: str = ""
    direct: bool = False
    stdio: bool = False
    record: Record | None = None

    def client(
        self, era: str, capabilities: dict | None = None, **options: object
    ) -> LegacyPeer | ModernPeer:
        return PEERS[era](self.port, self.path, timeout=10, **options).initialize(capabilities)

    def named(self, name: str) -> str:
        """The name of a tool or a prompt of the server, as it is here."""
        return self.prefix + name


@dataclasses.dataclass
class Scenario:
    """One behaviour; `run` shows it with a client of an era at a place."""

    name: str
    feature: str
    run: Callable[[Place, str], None]
    clients: tuple[str, ...]
    servers: tuple[str, ...]
    federated: bool
    stdio: bool
    direct: bool

    def bridges(self) -> list[tuple[str, str]]:
        return [(client, server) for client in self.clients for server in self.servers]


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    name: str,
    feature: str,
    clients: tuple[str, ...] = ERAS,
    servers: tuple[str, ...] = ERAS,
    federated: bool = True,
    stdio: bool = True,
    direct: bool = True,
):
    """Registers a function as a scenario. It runs directly too where client and server are of one era."""

    def register(run: Callable[[Place, str], None]) -> Callable[[Place, str], None]:
        assert name not in SCENARIOS, f"two scenarios named {name}"
        SCENARIOS[name] = Scenario(name, feature, run, clients, servers, federated, stdio, direct)
        if feature not in FEATURES:
            FEATURES.append(feature)
        return run

    return register


from . import (  # noqa: E402, F401
    content,
    headers,
    input_required,
    notifications,
    questions,
    sessions,
    stateless,
    task_extension,
)
