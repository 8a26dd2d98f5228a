"""Attaching to a gateway over its sockets, with certificates and without."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import attune
from attune import configuration, control, link, segment, socket_link
from gateway import NAMES, Authority, Gateway
from writer import Core, Learner, Writer


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def home(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with certificates, which a configuration names."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    authority.write(tmp_path / "tls", **NAMES)
    config = tmp_path / "attune.toml"
    config.write_text(f'[persistence]\nrocksdb_path = "{tmp_path}"\n')
    monkeypatch.setenv("ATTUNE_CONFIG", str(config))
    return tmp_path


DESCRIPTORS = "attach-7420.descriptors.sock"

Serve = Callable[..., Gateway]


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    running: list[Gateway] = []

    def start(core: Core | None = None, learner: Learner | None = None) -> Gateway:
        gateway = Gateway(home, core or Core(), learner)
        running.append(gateway)
        return gateway

    yield start
    for gateway in running:
        gateway.close()


def wait(condition: Callable[[], bool]) -> None:
    """Waits for what another thread does; the test's own time limit ends it."""
    while not condition():
        time.sleep(0.01)


def alive(connection: ssl.SSLSocket) -> bool:
    """Whether the gateway still serves a connection; it closes its end when the other is."""
    return connection.fileno() >= 0


def test_the_region_is_found_and_read(serve: Serve) -> None:
    gateway = serve()
    with attune.Region.attach(name="reader") as region:
        gateway.core.append(3)
        [(records, lost)] = region.ring_buffer.observations(timeout=0)
        assert (len(records), lost) == (3, 0)
        assert region.attached
    [request] = gateway.requests
    assert request["role"] == "worker"
    assert request["name"] == "reader"
    assert request["layout"] == [1, 2]


def test_its_own_segment_is_handed_over_sealed(serve: Serve) -> None:
    gateway = serve()
    with attune.Region.attach(name="thinker") as region:
        assert region.message_queue.put({"hello": 1}) == 1
        [descriptor] = gateway.workers
        own = segment.Segment(descriptor, "own", sealed=True)
        assert own.header.name == "thinker"
        assert own.header.owner.alive
        assert own.header.bytes == 262144


def test_a_viewer_hands_nothing_over_and_cannot_write(serve: Serve) -> None:
    gateway = serve()
    with attune.Region.attach(role="viewer") as region:
        assert gateway.workers == []
        with pytest.raises(attune.QueueUnavailable, match="viewer"):
            region.message_queue.put({})


def test_when_all_places_are_taken_a_program_reads_as_a_viewer(serve: Serve) -> None:
    gateway = serve()
    full = b'{"error":{"code":"too_many","message":"eight workers are attached"}}\n'
    gateway.answer = lambda request: full if request["role"] == "worker" else None
    with attune.Region.attach() as region:
        assert region.generation == gateway.core.generation
    with pytest.raises(attune.AttachRefused, match="eight workers") as caught:
        attune.Region.attach(role="worker")
    assert caught.value.code == "too_many"


def test_without_a_gateway_the_error_names_the_socket(home: Path) -> None:
    with pytest.raises(attune.GatewayNotFound, match=r"attach-7420\.sock.*attune run"):
        attune.Region.attach()


def test_a_stale_socket_is_no_gateway(serve: Serve) -> None:
    serve().close()
    with pytest.raises(attune.GatewayNotFound, match="refused"):
        attune.Region.attach()


def test_without_a_certificate_it_says_so(serve: Serve, home: Path) -> None:
    serve()
    (home / "tls/worker.pem").unlink()
    with pytest.raises(attune.AttachRefused) as caught:
        attune.Region.attach()
    assert caught.value.code == "no_certificate"


def test_a_gateway_of_another_authority_is_not_trusted(serve: Serve, home: Path) -> None:
    serve()
    Authority().write(home / "tls", worker=NAMES["worker"])
    with pytest.raises(attune.AttachRefused, match="not trusted") as caught:
        attune.Region.attach()
    assert caught.value.code == "not_trusted"


def test_a_gateway_with_another_name_is_not_trusted(home: Path, serve: Serve, authority: Authority) -> None:
    authority.write(home / "tls", gateway="learner.attune.internal", worker=NAMES["worker"])
    serve()
    with pytest.raises(attune.AttachRefused, match="not trusted"):
        attune.Region.attach()


def test_a_certificate_of_another_authority_is_refused(
    serve: Serve, home: Path, authority: Authority
) -> None:
    serve()
    ca = (home / "tls/ca.pem").read_bytes()
    Authority().write(home / "tls", worker=NAMES["worker"])
    (home / "tls/ca.pem").write_bytes(ca)
    with pytest.raises(attune.AttachRefused) as caught:
        attune.Region.attach()
    assert caught.value.code == "not_trusted"


def test_an_expired_certificate_is_refused(serve: Serve, home: Path, authority: Authority) -> None:
    serve()
    authority.write(home / "tls", days=-1, worker=NAMES["worker"])
    with pytest.raises(attune.AttachRefused) as caught:
        attune.Region.attach()
    assert caught.value.code == "not_trusted"


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\n",
        b"[]\n",
        b"{}\n",
        b'{"token":5,"generation":1}\n',
        b'{"token":"x","generation":1}\n',
        b'{"token":"' + b"0" * 64 + b'","generation":1,"descriptors":"../other"}\n',
        b'{"token":"' + b"0" * 64 + b'","generation":1,"grant":{"segment_bytes":1,"lane_bytes":[1,1,1]}}\n',
        b'{"token":"' + b"0" * 64 + b'","generation":1,"grant":[]}\n',
        b"x" * 70000,
        b"[" * 5000 + b"\n",
    ],
)
def test_an_answer_that_is_not_understood_is_an_error_of_its_own(serve: Serve, answer: bytes) -> None:
    gateway = serve()
    gateway.answer = lambda request: answer
    with pytest.raises(attune.AttachProtocolError):
        attune.Region.attach(role="worker")


def test_a_token_that_was_used_is_refused(serve: Serve) -> None:
    gateway = serve()
    gateway.answer = lambda request: (
        json.dumps({"token": "0" * 64, "generation": 1, "descriptors": DESCRIPTORS}).encode() + b"\n"
    )
    with pytest.raises(attune.AttachRefused) as caught:
        attune.Region.attach(role="viewer")
    assert caught.value.code == "bad_token"


def test_a_segment_that_could_shrink_is_not_mapped(serve: Serve) -> None:
    serve(Core(seals=None))
    with pytest.raises(attune.NotSealed):
        attune.Region.attach()


def test_a_segment_that_is_not_the_listed_one_is_refused(serve: Serve) -> None:
    gateway = serve()

    def other(manifest: dict[str, list[dict[str, int]]]) -> dict[str, list[dict[str, int]]]:
        manifest["segments"][0]["generation"] += 1
        return manifest

    gateway.manifest = other
    with pytest.raises(attune.SegmentError, match="not the one"):
        attune.Region.attach()


@pytest.mark.parametrize("segments", [[], [{}], [{"name": 5}], "x", None, [{"name": "a"}, {"name": "b"}]])
def test_a_list_that_does_not_fit_the_descriptors_is_refused(serve: Serve, segments: object) -> None:
    gateway = serve()
    gateway.manifest = lambda manifest: {"segments": segments}
    with pytest.raises((attune.AttachProtocolError, attune.SegmentError)):
        attune.Region.attach()


def test_nothing_stays_open_when_attaching_fails(serve: Serve) -> None:
    gateway = serve()
    gateway.manifest = lambda manifest: {"segments": []}
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(attune.AttachProtocolError):
            attune.Region.attach(role="viewer")
    wait(lambda: len(list(Path("/proc/self/fd").iterdir())) <= open_before + 2)


def test_a_restarted_gateway_is_attached_again_and_no_record_is_missed(serve: Serve, home: Path) -> None:
    first = serve()
    with attune.Region.attach() as region:
        stream = region.ring_buffer.observations(timeout=30)
        first.core.append(4)
        assert len(next(stream).records) == 4
        first.core.append(2)
        first.close()
        second = serve(Core())
        second.core.append(5)
        wait(lambda: region.generation == second.core.generation)
        assert len(next(stream).records) == 2
        assert len(next(stream).records) == 5
        # The same segment of this process's own, with what was not read, is handed to the new gateway.
        wait(lambda: len(second.workers) == 1)
        assert region.fault is None


def test_a_broken_connection_to_the_same_gateway_loses_nothing(serve: Serve) -> None:
    gateway = serve()
    with attune.Region.attach() as region:
        stream = region.ring_buffer.observations(timeout=30)
        gateway.core.append(4)
        assert len(next(stream).records) == 4
        gateway.drop()
        wait(lambda: len(gateway.requests) == 2)
        gateway.core.append(1)
        assert next(stream).records["sequence"].tolist() == [5]


def test_what_is_attached_while_the_region_closes_is_let_go(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = serve()
    region = attune.Region.attach()
    asked, go_on = threading.Event(), threading.Event()

    def slowly(places: configuration.GatewayPlaces) -> control.Control:
        asked.set()
        go_on.wait()
        return control.Control(places)

    monkeypatch.setattr(socket_link, "Control", slowly)
    monkeypatch.setattr(link, "PATIENCE", 0.01)
    gateway.drop()
    gateway.grant = {"segment_bytes": 131072, "lane_bytes": [4096, 8192, 4096]}
    asked.wait()
    region.close()
    go_on.set()
    region._link._thread.join()
    # The gateway sees the end of the connection, and that of the segment that was made for it.
    wait(lambda: len(gateway.workers) == 2 and not any(map(alive, gateway.connections)))
    for descriptor in gateway.workers:
        with pytest.raises(attune.NotLive):
            segment.Segment(descriptor, "own", sealed=True)
    assert region._link.worker is not None
    assert region._link.worker.bytes == 131072


def test_a_gateway_that_grants_another_size_gets_a_segment_of_it(serve: Serve) -> None:
    first = serve()
    with attune.Region.attach() as region:
        region.message_queue.put({})
        first.close()
        second = serve(Core())
        second.grant = {"segment_bytes": 131072, "lane_bytes": [4096, 8192, 4096]}
        wait(lambda: region.generation == second.core.generation)
        assert segment.Segment(second.workers[0], "own", sealed=True).header.bytes == 131072
        assert region.message_queue.put({}) == 1


def test_another_workers_damaged_segment_disturbs_nobody(serve: Serve) -> None:
    gateway = serve()
    gateway.others.append(Writer(3, "other", [], version=99))
    with attune.Region.attach() as region:
        assert region.generation == gateway.core.generation


def test_a_learner_that_comes_later_is_mapped(serve: Serve) -> None:
    gateway = serve()
    with attune.Region.attach() as region:
        assert not region.learner_attached
        gateway.learner = Learner()
        gateway.tell({"segments_changed": {"token": gateway.token()}})
        wait(lambda: region.learner_attached)


def test_a_relative_store_and_another_runtime_directory_are_found(
    serve: Serve, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gateway = serve()
    (home / "attune.toml").write_text('[persistence]\nrocksdb_path = "."\n')
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with attune.Region.attach() as region:
        assert region.generation == gateway.core.generation


def test_a_region_in_files_is_found_by_the_configuration(home: Path) -> None:
    (home / "run").mkdir()
    (home / "run/region").mkdir(mode=0o700)
    core = Core(home / "run/region/core.segment").live()
    text = f'[persistence]\nrocksdb_path = "{home}"\n[learning]\nmode = "external"\n'
    (home / "attune.toml").write_text(text)
    with attune.Region.attach() as region:
        assert region.generation == core.generation


def test_the_configuration_says_where_the_gateway_is(tmp_path: Path) -> None:
    config = tmp_path / "a.toml"
    config.write_text('[persistence]\nrocksdb_path = "${env:STORE:-/var/x}/s"\n')
    places = configuration.find(config, {"STORE": "/data"})
    assert places.certificates == Path("/data/s/tls")
    assert places.control == Path("/data/s/run/attach-7420.sock")
    assert places.region is None
    places = configuration.find(None, {"ATTUNE_CONFIG": str(config), "XDG_RUNTIME_DIR": "/run/user/1"})
    assert places.certificates == Path("/var/x/s/tls")
    assert places.control == Path("/run/user/1/attune/attach-7420.sock")
    config.write_text('[core]\nlisten = "127.0.0.1:8000"\n[learning]\nmode = "external"\n')
    places = configuration.find(config, {"XDG_RUNTIME_DIR": "/run/user/1"})
    assert places.region == Path("/run/user/1/attune/region")
    assert places.control.name == "attach-8000.sock"
    config.write_text('[learning]\nsocket = "/run/gate.sock"\n')
    places = configuration.find(config, {"XDG_DATA_HOME": "/d"})
    assert places.control == Path("/run/gate.sock")
    assert places.certificates == Path("/d/attune/tls")


@pytest.mark.parametrize(
    "text",
    [
        "[persistence",
        '[core]\nlisten = "none"\n',
        "[persistence]\nrocksdb_path = 5\n",
        '[learning]\nsocket = "${env:NONE}"\n',
    ],
)
def test_a_configuration_that_cannot_be_used_is_an_error_of_its_own(tmp_path: Path, text: str) -> None:
    config = tmp_path / "a.toml"
    config.write_text(text)
    with pytest.raises(attune.ConfigurationInvalid, match=r"a\.toml"):
        configuration.find(config, {})
    with pytest.raises(attune.ConfigurationInvalid):
        configuration.find(tmp_path / "missing.toml", {})
