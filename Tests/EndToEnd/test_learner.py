"""The learner: what it sees of calls, and that calls go on whatever happens to it."""

import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

import pytest

from harness import processes
from harness.places import GATEWAY_KILLS, binary, eventually
from harness.wire import LegacyClient

ATTACHED = 20


def servers(shop, **learning: object) -> dict[str, dict]:
    sections = {"servers.s": shop.steered("s", "--era", "legacy")}
    return sections | ({"learning": learning} if learning else {})


def top(gateway) -> dict:
    return gateway.json("/api/v1/top")


def learner(gateway) -> dict:
    return gateway.json("/api/v1/learner")


def attached(gateway, other_than: int | None = None) -> int:
    """The process of the learner, once it works."""

    def found() -> int | None:
        facts = top(gateway)["learner"]
        return facts["pid"] if facts["state"] == "attached" and facts["pid"] != other_than else None

    return eventually(found, ATTACHED, "a learner that is attached")


def row(gateway, tool: str = "echo") -> dict | None:
    rows = [row for row in top(gateway)["tools"] if row["server"] == "s" and tool in row["tool"]]
    return rows[0] if rows else None


def calls_of(gateway, tool: str = "echo") -> int:
    found = row(gateway, tool)
    return found["calls"] if found else 0


def accounted(gateway) -> tuple[int, int]:
    """Records that were published, and those that the learner has observed, rejected or counted as lost."""
    facts = learner(gateway)
    published = sum(ring["published"] for ring in facts["rings"])
    return published, facts["records"] + facts["rejected"] + facts["lost"]


class Callers:
    """Clients that call all the time; every answer is kept."""

    def __init__(self, gateway, count: int = 2) -> None:
        self.gateway = gateway
        self.stopping = threading.Event()
        self.done = [0] * count
        self.failures: list[str] = []
        self.threads = [threading.Thread(target=self.run, args=(index,)) for index in range(count)]

    def run(self, index: int) -> None:
        client = LegacyClient(self.gateway.port).initialize()
        while not self.stopping.is_set():
            answer = client.call("s__echo", {"n": self.done[index]})
            if answer.status != 200 or answer.result.get("isError"):
                self.failures.append(f"{answer.status}: {answer.message}")
            self.done[index] += 1

    def __enter__(self) -> "Callers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture(scope="module")
def gateway(module_workshop):
    """One with a learner that has seen ten good calls and three that failed."""
    gateway = module_workshop.gateway(servers(module_workshop))
    attached(gateway)
    client = LegacyClient(gateway.port).initialize()
    for number in range(10):
        assert client.call("s__echo", {"n": number}).status == 200
    for _ in range(3):
        client.call("s__fail", {})
    return gateway


class TestAGatewayWithALearner:
    def test_calls_show_up_in_top(self, gateway) -> None:
        eventually(lambda: calls_of(gateway) == 10 and calls_of(gateway, "fail") == 3, 10, "the calls in top")
        report = json.loads(gateway.command("top", "--once", "-o", "json").stdout)
        assert {
            "ts",
            "calls_per_s",
            "errors_per_s",
            "servers",
            "tools",
            "rings",
            "learner",
            "predictions",
        } == set(report)
        echo, fail = row(gateway), row(gateway, "fail")
        assert {"server", "tool", "calls", "errors", "p50_us", "p99_us"} <= set(echo)
        assert echo["errors"] == 0 and fail["errors"] == 3
        assert 0 < echo["p50_us"] <= echo["p99_us"] < 60_000_000
        for ring in report["rings"]:
            assert {"loop", "fill", "published", "lost"} == set(ring)
            assert 0 <= ring["fill"] <= 1 and ring["lost"] == 0
        assert sum(ring["published"] for ring in report["rings"]) >= 13
        assert {"pid", "state", "lag_records", "lag_ms"} == set(report["learner"])
        assert report["learner"]["state"] == "attached"
        server = [row for row in report["servers"] if row["name"] == "s"][0]
        assert server["state"] == "up" and server["calls"] >= 13 and server["errors"] == 3

    def test_top_is_text_for_people_where_there_is_no_terminal(self, gateway) -> None:
        text = gateway.command("top").stdout.decode()
        assert "calls/s" in text and "learner attached" in text and "echo" in text
        assert "\x1b" not in text

    def test_every_record_is_accounted_for(self, gateway) -> None:
        eventually(lambda: len(set(accounted(gateway))) == 1, 10, "the learner to have read everything")
        facts = learner(gateway)
        assert facts["rejected"] == 0 and facts["unnamed"] == 0 and facts["lost"] == 0
        assert facts["mode"] == "process" and facts["workers"] == []

    def test_status_and_metrics_know_the_learner(self, gateway) -> None:
        assert gateway.listing("status")["learner"]["state"] == "attached"
        eventually(
            lambda: "attune_learner_records_total 0\n" not in metrics(gateway), 10, "a count of records"
        )
        text = metrics(gateway)
        assert "\nattune_learner_attached 1\n" in text
        for name in (
            "attune_ring_records_published_total",
            "attune_ring_records_lost_total",
            "attune_learner_lag_records",
            "attune_learner_cpu_seconds_total",
        ):
            assert f"\n{name} " in text

    def test_what_the_learner_holds_is_counted_as_memory(self, gateway) -> None:
        def used() -> dict[str, int]:
            return {part["part"]: part["used_bytes"] for part in gateway.json("/api/v1/memory")["parts"]}

        eventually(lambda: used()["model_storage"] > 0, 10, "a state that was saved")
        parts = used()
        assert parts["state_cache"] > 0 and parts["rings"] > 0 and parts["message_queue"] == 0
        state = next(pathlib.Path(gateway.runtime).glob("attune/learner-*.state"))
        assert state.stat().st_mode & 0o777 == 0o600

    def test_the_learner_is_a_bounded_process_beside_the_gateway(self, gateway) -> None:
        pid = attached(gateway)
        assert "attune" in processes.command_line(pid) and " learn " in processes.command_line(pid)
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        assert int(stat[1]) == gateway.process.pid
        assert int(stat[16]) == 10
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        assert "Max address space         unlimited" in limits
        method = learner(gateway)["limits"]
        assert method in ("cgroup v2", "cgroup v1", "RLIMIT_DATA and nice")
        if method.startswith("RLIMIT"):
            assert "Max data size             unlimited" not in limits
        assert method.encode() in gateway.command("doctor", check=None).stdout

    def test_the_learner_takes_less_than_one_percent_of_a_core_when_idle(self, gateway) -> None:
        pid = attached(gateway)
        before = processor_seconds(pid)
        time.sleep(10)
        assert attached(gateway) == pid
        assert processor_seconds(pid) - before < 0.1


def metrics(gateway) -> str:
    return gateway.get("/metrics")[1].decode()


def processor_seconds(pid: int) -> float:
    """By the scheduler's own account, in nanoseconds, of all threads."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


KILLS = int(os.environ.get("ATTUNE_LEARNER_KILLS", "24"))


@pytest.mark.timeout(10 * KILLS + 60)
def test_the_learner_is_killed_again_and_again_and_no_call_fails_or_is_missed(workshop) -> None:
    gateway = workshop.gateway(servers(workshop))
    pid = attached(gateway)
    with Callers(gateway) as callers:
        for _ in range(KILLS):
            before = sum(callers.done)
            os.kill(pid, signal.SIGKILL)
            killed = time.monotonic()
            pid = attached(gateway, other_than=pid)
            # The pause before a restart is at most 4 s; a machine that is busy may take its time to start.
            assert time.monotonic() - killed < 15
            eventually(lambda: sum(callers.done) > before + 4, 10, "calls that go on")
    assert callers.failures == []
    total = sum(callers.done)
    eventually(lambda: calls_of(gateway) == total, 10, f"all {total} calls in the statistics")
    eventually(lambda: len(set(accounted(gateway))) == 1, 10, "an account of every record")
    facts = learner(gateway)
    assert facts["restarts"] >= KILLS and facts["lost"] == 0


@pytest.mark.timeout(10 * GATEWAY_KILLS + 60)
def test_after_a_kill_of_the_gateway_the_learner_ends_and_the_next_knows_what_it_knew(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, model_update_interval=0.5))
    for life in range(1, GATEWAY_KILLS // 3 + 1):
        pid = attached(gateway)
        client = LegacyClient(gateway.port).initialize()
        for number in range(5):
            assert client.call("s__echo", {"n": number}).status == 200
        eventually(lambda: calls_of(gateway) == 5 * life, 15, "the calls in top")
        generation = learner(gateway)["generation"]
        gateway.kill()
        eventually(lambda: not processes.alive(pid), 10, "the end of the learner")
        gateway.start()
        assert attached(gateway) != pid
        facts = learner(gateway)
        assert facts["generation"] > generation
        eventually(lambda life=life: calls_of(gateway) == 5 * life, 15, "what was learned")
        assert learner(gateway)["fault"] is None


def test_a_stopped_learner_does_not_outlive_a_killed_gateway(workshop) -> None:
    """Its environment is closed to whoever is not root, so the lifeline knows it by its arguments."""
    gateway = workshop.gateway(servers(workshop))
    pid = attached(gateway)
    mark = processes.command_line(pid).split("--mark ")[1].split()[0]
    assert mark.startswith("ATTUNE_LIFELINE=")
    os.kill(pid, signal.SIGSTOP)
    gateway.kill()
    eventually(lambda: not processes.alive(pid), 10, "the end of the learner")
    gateway.start()
    assert attached(gateway) != pid


def test_what_a_ring_lost_to_a_stopped_learner_is_recovered_from_the_journal(workshop) -> None:
    sections = servers(workshop) | {
        "core": {"threads": 1},
        "memory": {"profile": "edge", "ring_buffer_size": 65536},
    }
    gateway = workshop.gateway(sections)
    pid = attached(gateway)
    client = LegacyClient(gateway.port).initialize()
    os.kill(pid, signal.SIGSTOP)
    try:
        for number in range(600):
            answer = client.call("s__echo", {"n": number})
            assert answer.status == 200 and not answer.result.get("isError")
        eventually(lambda: top(gateway)["learner"]["state"] == "stalled", 10, "that the learner is missed")
        assert top(gateway)["learner"]["lag_records"] > 400
        assert f"process {pid} is stopped".encode() in gateway.command("doctor", check=None).stdout
        assert gateway.json("/readyz")["status"] == "ready"
    finally:
        os.kill(pid, signal.SIGCONT)
    assert attached(gateway) == pid
    eventually(lambda: len(set(accounted(gateway))) == 1, 10, "the learner to have caught up")
    eventually(lambda: calls_of(gateway) == 600, 30, "what the ring lost, from the journal")
    eventually(lambda: learner(gateway)["lost"] == 0, 10, "that nothing is missed any more")
    facts = learner(gateway)
    (ring,) = facts["rings"]
    assert ring["lost"] == facts["recovered"] > 0 and facts["recovering"] == 0
    assert f"attune_ring_records_lost_total {ring['lost']}\n" in metrics(gateway)
    assert facts["records"] == ring["published"]


def test_counters_do_not_fall_while_the_learner_is_away(workshop) -> None:
    gateway = workshop.gateway(servers(workshop))
    pid = attached(gateway)
    client = LegacyClient(gateway.port).initialize()
    for number in range(5):
        assert client.call("s__echo", {"n": number}).status == 200
    eventually(lambda: calls_of(gateway) == 5 and len(set(accounted(gateway))) == 1, 10, "the calls in top")
    published = accounted(gateway)[0]
    counted = f"\nattune_learner_records_total {published}\n"
    eventually(lambda: counted in metrics(gateway), 10, "a count of all records")
    key = gateway.directory / "data" / "attune" / "tls" / "learner.key"
    kept = key.rename(key.with_suffix(".kept"))
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: "\nattune_learner_attached 0\n" in metrics(gateway), 10, "that the learner is gone")
    assert counted in metrics(gateway)
    kept.rename(key)
    attached(gateway, other_than=pid)
    assert counted in metrics(gateway)


def test_inline_the_gateway_itself_learns(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, mode="inline"))
    assert attached(gateway) == gateway.process.pid
    client = LegacyClient(gateway.port).initialize()
    for number in range(5):
        client.call("s__echo", {"n": number})
    eventually(lambda: calls_of(gateway) == 5 and len(set(accounted(gateway))) == 1, 10, "the calls in top")
    assert gateway.listing("status")["learner"]["state"] == "attached"


def test_where_nothing_can_attach_the_gateway_itself_learns(workshop) -> None:
    gateway = workshop.gateway(servers(workshop), start=False)
    tls = gateway.directory / "data" / "attune" / "tls"
    tls.parent.mkdir(parents=True)
    tls.write_text("in the way")
    gateway.start()
    assert attached(gateway) == gateway.process.pid
    assert "the gateway itself learns" in gateway.log()
    assert learner(gateway)["mode"] == "inline"
    assert b"inside the gateway" in gateway.command("doctor", check=None).stdout


def test_switched_off_nothing_is_observed_and_top_shows_what_the_gateway_counts(workshop) -> None:
    gateway = workshop.gateway(servers(workshop, mode="off"))
    client = LegacyClient(gateway.port).initialize()
    for number in range(5):
        client.call("s__echo", {"n": number})
    report = json.loads(gateway.command("top", "--once", "-o", "json").stdout)
    assert report["learner"] == {"pid": None, "state": "off", "lag_records": 0, "lag_ms": 0}
    assert report["rings"] == [] and calls_of(gateway) == 5
    assert gateway.listing("status")["learner"]["state"] == "off"
    refused = gateway.command("learn", check=1)
    assert b'mode is "off"' in refused.stderr and b"next:" in refused.stderr


class Outside:
    """`attune learn`, started by hand."""

    def __init__(self, gateway) -> None:
        self.log = gateway.directory / "learner.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [binary(), "learn", "--config", gateway.file],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=gateway.directory,
                env=gateway.environment(),
            )

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


def test_an_external_learner_attaches_by_path_and_outlives_gateways(workshop) -> None:
    socket = workshop.next_directory / "shared" / "learn.sock"
    gateway = workshop.gateway(servers(workshop, mode="external", socket=str(socket)))
    assert top(gateway)["learner"]["state"] == "waiting"
    outside = Outside(gateway)
    calls = 0
    try:
        for _ in range(2):
            assert attached(gateway) == outside.process.pid
            client = LegacyClient(gateway.port).initialize()
            for number in range(5):
                assert client.call("s__echo", {"n": number}).status == 200
            calls += 5
            eventually(lambda: calls_of(gateway) == calls, 15, "the calls in top")
            files = {file.name: file.stat().st_mode & 0o777 for file in (socket.parent / "region").iterdir()}
            assert files == {"core.segment": 0o600, "learner.segment": 0o600}
            gateway.kill()
            gateway.start()
        assert attached(gateway) == outside.process.pid
        assert outside.end(signal.SIGKILL) == -signal.SIGKILL
        eventually(lambda: top(gateway)["learner"]["state"] == "waiting", 15, "that the learner is gone")
        assert client.call("s__echo", {}).status in (200, 404)
        outside = Outside(gateway)
        assert attached(gateway) == outside.process.pid
        assert outside.end() == 0
    finally:
        outside.process.kill()
        outside.process.wait()


def expired_certificate(place: pathlib.Path) -> pathlib.Path:
    """A certificate for the learner's key that the authority signed and that is over."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization

    key = serialization.load_pem_private_key((place / "ca.key").read_bytes(), None)
    authority = x509.load_pem_x509_certificate((place / "ca.pem").read_bytes())
    old = x509.load_pem_x509_certificate((place / "learner.pem").read_bytes())
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(authority.subject)
        .public_key(old.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now - datetime.timedelta(days=1))
        .add_extension(old.extensions.get_extension_for_class(x509.SubjectAlternativeName).value, False)
        .sign(key, hashes.SHA256())
    )
    file = place / "expired.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


class TestCertificates:
    @staticmethod
    def tls(gateway) -> pathlib.Path:
        return gateway.directory / "data" / "attune" / "tls"

    @pytest.fixture
    def pair(self, workshop):
        """A gateway with its learner, the certificates as they were, and those of another gateway."""
        gateway, other = (workshop.gateway(servers(workshop)) for _ in range(2))
        attached(gateway)
        attached(other)
        kept = self.tls(gateway).with_name("kept")
        shutil.copytree(self.tls(gateway), kept)
        return gateway, kept, self.tls(other)

    def test_a_learner_without_a_good_certificate_stays_outside_and_calls_go_on(self, pair) -> None:
        gateway, kept, other = pair
        own = self.tls(gateway)
        client = LegacyClient(gateway.port).initialize()
        expired = expired_certificate(kept)
        cases = [
            ((kept / "worker.pem", kept / "worker.key"), b"learner.attune.internal"),
            ((other / "learner.pem", other / "learner.key"), b"ca.pem"),
            ((expired, kept / "learner.key"), b"expired"),
            ((kept / "learner.pem", kept / "worker.key"), b"learner.key"),
            ((None, None), b"learner.pem"),
        ]
        pid = attached(gateway)
        for files, reason in cases:
            for file, suffix in zip(files, ("pem", "key"), strict=True):
                (own / f"learner.{suffix}").unlink()
                if file:
                    shutil.copy(file, own / f"learner.{suffix}")
            mark = gateway.log_file.stat().st_size
            os.kill(pid, signal.SIGKILL)
            eventually(
                lambda: b"can't be used" in gateway.log_file.read_bytes()[mark:], 15, f"failing for {reason}"
            )
            assert top(gateway)["learner"]["state"] == "waiting"
            done = gateway.command("doctor", check=1)
            assert b"certificates" in done.stdout and reason in done.stdout
            assert client.call("s__echo", {}).status == 200
            for suffix in ("pem", "key"):
                shutil.copy(kept / f"learner.{suffix}", own / f"learner.{suffix}")
            pid = attached(gateway, other_than=pid)

    def test_a_learner_of_another_gateway_does_not_trust_this_one_nor_is_it_trusted(self, pair) -> None:
        gateway, _, other = pair
        pid = attached(gateway)
        socket = next(pathlib.Path(gateway.runtime).glob("attune/attach-*[0-9].sock"))
        line = [binary(), "learn", "--socket", socket, "--certificates", other, "--checkpoint"]
        stranger = subprocess.Popen(
            [*line, gateway.directory / "state"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            assert b"is not trusted" in stranger.stderr.readline()
        finally:
            stranger.kill()
            stranger.communicate()
        # One with the right certificate finds the place taken.
        second = subprocess.Popen(
            [*line[:5], self.tls(gateway), *line[6:], gateway.directory / "state"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            assert b"name_taken" in second.stderr.readline()
        finally:
            second.kill()
            second.communicate()
        assert attached(gateway) == pid

    def test_a_gateway_uses_the_certificates_that_the_operator_brings(self, workshop) -> None:
        first = workshop.gateway(servers(workshop))
        attached(first)
        second = workshop.gateway(servers(workshop), start=False)
        shutil.copytree(self.tls(first), self.tls(second))
        (self.tls(second) / "ca.key").unlink()
        second.start()
        attached(second)
        assert (self.tls(second) / "ca.pem").read_bytes() == (self.tls(first) / "ca.pem").read_bytes()
