"""Fixtures of the end-to-end tests."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness.configuration import steered  # noqa: E402
from harness.gateway import Gateway  # noqa: E402
from harness.places import NEEDS_SHARED, SHARED, SUITE, eventually, free_port  # noqa: E402
from harness.wire import CLIENTS  # noqa: E402
from scenarios.pending import TESTS  # noqa: E402

for name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None)
    os.environ.pop(name.upper(), None)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shared: needs ../shared; skipped where that folder is absent")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.nodeid.split("/")[-1]
        reason = next((why for key, why in TESTS.items() if name.startswith(key)), None)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
    if not SHARED.exists():
        for item in items:
            if item.get_closest_marker("shared"):
                item.add_marker(pytest.mark.skip(reason=NEEDS_SHARED))


class Workshop:
    """Makes gateways and servers for a test or a module, and ends them all."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.gateways: list[Gateway] = []
        self.servers: list[subprocess.Popen] = []

    def gateway(self, sections: dict[str, dict], start: bool = True) -> Gateway:
        gateway = Gateway(self.directory / f"gateway{len(self.gateways)}", sections)
        self.gateways.append(gateway)
        return gateway.start() if start else gateway

    @property
    def next_directory(self) -> pathlib.Path:
        """Where the next gateway will live; its servers' records belong there."""
        place = self.directory / f"gateway{len(self.gateways)}"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def steered(self, name: str, *flags: object, **keys: object) -> dict:
        return steered(name, self.next_directory, *flags, **keys)

    def steered_http(self, name: str, *flags: object, **keys: object) -> dict:
        port = free_port()
        self.run(
            [
                sys.executable,
                SUITE / "servers" / "http_server.py",
                "--name",
                name,
                "--port",
                port,
                "--record",
                self.next_directory / f"{name}.jsonl",
                *flags,
            ],
            port,
        )
        return {"url": f"http://127.0.0.1:{port}/mcp"} | keys

    def run(self, line: list, port: int) -> subprocess.Popen:
        """Starts a server and waits until it listens."""
        log = (self.directory / f"server{len(self.servers)}.log").open("wb")
        process = subprocess.Popen(
            [str(item) for item in line], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        self.servers.append(process)
        eventually(lambda: listens(port), 20, f"{line} listening on {port}")
        return process

    def finish(self) -> None:
        try:
            for gateway in self.gateways:
                gateway.finish()
        finally:
            for server in self.servers:
                server.kill()
                server.wait()


def listens(port: int) -> bool:
    return f":{port:04X} 00000000:0000 0A" in pathlib.Path("/proc/net/tcp").read_text()


def directory_for(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> pathlib.Path:
    return factory.mktemp(re.sub(r"\W", "_", request.node.name)[:30])


@pytest.fixture
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A workshop for one test."""
    made = Workshop(directory_for(request, tmp_path_factory))
    request.node.workshop = made
    yield made
    made.finish()


@pytest.fixture(scope="module")
def module_workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A workshop for all tests of a module."""
    made = Workshop(directory_for(request, tmp_path_factory))
    request.node.workshop = made
    yield made
    made.finish()


@pytest.fixture(params=sorted(CLIENTS))
def client_era(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Shows the gateways' logs beside a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for node in item.listchain():
            for gateway in getattr(getattr(node, "workshop", None), "gateways", []):
                report.sections.append((f"log of {gateway.directory.name}", gateway.log()))
