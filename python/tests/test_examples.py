"""The examples on traffic that goes on while they learn."""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import attune
from attune import segment
from attune.commands import CommandReader, MessageKind
from attune.layout import SectionKind
from writer import Core, Table

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


@pytest.fixture
def named(core: Core) -> Core:
    """A core whose tools have names: `files/read` is quick, `web/fetch` slow and often fails."""
    table = Table(core)
    table.name(1, 1, "files")
    table.name(2, 2, "read")
    table.name(3, 1, "web")
    table.name(4, 2, "fetch")
    return core


def traffic(core: Core, calls: int, *, interval_us: int = 0, growth: float = 1.0) -> None:
    """Publishes calls of both tools."""
    choose = random.Random(1)
    for i in range(calls):
        factor = growth ** (i // 20)
        time_us = 1_700_000_000_000_000 + (i // 20) * interval_us + i % 20
        quick = int(1000 * factor * choose.uniform(0.9, 1.1))
        core.append(1, server=1, tool=2, duration_us=quick, request_bytes=100, time_us=time_us)
        failed = choose.random() < 0.4
        slow = int(50_000 * choose.uniform(0.9, 1.1))
        core.append(
            1,
            server=3,
            tool=4,
            duration_us=slow,
            request_bytes=2000,
            outcome=int(failed),
            time_us=time_us,
        )
        if i % 20 == 19:
            time.sleep(0.001)


def predictions(directory: Path) -> Iterator[dict[str, Any]]:
    """What was sent to the learner by any worker."""
    for path in sorted(directory.glob("worker-*.segment")):
        found = segment.Segment.open(path)
        for lane in found.sections(SectionKind.COMMANDS):
            reader = CommandReader(found, lane, from_start=True)
            while (message := reader.take()) is not None:
                assert message.kind == MessageKind.PREDICTION
                yield json.loads(message.body)


def learned(name: str, core: Core, directory: Path, **options: Any) -> dict[tuple[str, str], list[Any]]:
    """Runs an example beside the traffic; gives the values by task and subject."""
    example = importlib.import_module(name)
    with attune.Region.attach(directory) as region:
        writing = threading.Thread(target=traffic, args=(core, 400), kwargs=options.pop("traffic", {}))
        writing.start()
        example.run(region, idle=1.0, **options)
        writing.join()
        values: dict[tuple[str, str], list[Any]] = {}
        for sent in predictions(directory):
            values.setdefault((sent["task"], sent["subject"]), []).append(sent)
        return values


def test_a_tool_keeps_its_number_when_the_gateway_restarts(
    named: Core, directory: Path, examples: None
) -> None:
    tools = importlib.import_module("tools").Tools()
    with attune.Region.attach(directory) as region:
        stream = region.ring_buffer.observations(timeout=20)
        named.append(1, server=1, tool=2)
        named.append(1, server=3, tool=4)
        named.append(1, server=3, tool=9)
        assert tools.calls(next(stream))["tool"].tolist() == [0, 1]
        again = Core(directory / "core.segment", table=65536)
        table = Table(again)
        for identifier, kind, text in [(1, 1, "web"), (2, 2, "fetch"), (3, 1, "files"), (4, 2, "read")]:
            table.name(identifier, kind, text)
        again.append(1, server=1, tool=2)
        again.append(1, server=3, tool=4)
        again.append(1, server=1, tool=4)
        again.live()
        assert tools.calls(next(stream))["tool"].tolist() == [1, 0, 2]
    assert tools.names == ["files/read", "web/fetch", "web/read"]


def test_scikit_learn_learns_latency_and_failures(named: Core, directory: Path, examples: None) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    found = learned("latency_sklearn", named, directory, interval=0.2)
    latest = {key: values[-1]["value"] for key, values in found.items()}
    assert 700 < latest["latency_us", "files/read"] < 1400
    assert 35_000 < latest["latency_us", "web/fetch"] < 70_000
    assert latest["failure", "files/read"] < 0.15
    assert 0.2 < latest["failure", "web/fetch"] < 0.7


def test_statsmodels_forecasts_the_next_interval(named: Core, directory: Path, examples: None) -> None:
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    found = learned(
        "forecast_statsmodels",
        named,
        directory,
        interval=10.0,
        traffic={"interval_us": 10_000_000, "growth": 1.05},
    )
    growing = found["latency_forecast_us", "files/read"]
    assert growing[-1]["points"] == 19
    assert growing[-1]["value"] > growing[0]["value"]
    # After 19 points the next is 1000 us * 1.05^19 = 2527 us.
    assert 2000 < growing[-1]["value"] < 3100
    assert 35_000 < found["latency_forecast_us", "web/fetch"][-1]["value"] < 70_000


def test_pytorch_learns_latency(named: Core, directory: Path, examples: None) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    found = learned("latency_torch", named, directory, interval=0.2)
    latest = {key: values[-1] for key, values in found.items()}
    quick, slow = latest["latency_us", "files/read"], latest["latency_us", "web/fetch"]
    assert quick["value"] * 5 < slow["value"]
    assert slow["p90_us"] > slow["value"]


def test_celery_workers_publish_what_they_compute(named: Core, directory: Path, tmp_path: Path) -> None:
    """Over Celery's transport by files, which needs no broker."""
    pytest.importorskip("celery", reason="Celery is not installed")
    folder = tmp_path / "broker"
    folder.mkdir()
    environment = os.environ | {
        "CELERY_BROKER_URL": "filesystem://",
        "CELERY_DATA_FOLDER": str(folder),
        "ATTUNE_REGION": str(directory),
        "PYTHONPATH": f"{Path(attune.__file__).parents[1]}:{EXAMPLES}",
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "--app", "celery_worker", "worker", "--pool", "solo"]
        + ["--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env=environment,
        cwd=tmp_path,
    )
    collector = "import attune, celery_worker, sys\n"
    collector += "with attune.Region.attach(sys.argv[1], role='viewer') as r:\n"
    collector += "    print('attached', flush=True)\n"
    collector += "    print(celery_worker.hand_out(r, interval=0.2, idle=2))\n"
    collecting = subprocess.Popen(
        [sys.executable, "-c", collector, str(directory)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert collecting.stdout is not None
        assert collecting.stdout.readline().strip() == "attached"
        traffic(named, 200)
        sent = int(collecting.stdout.readline())
        assert sent >= 2
        subjects: set[str] = set()
        while len(subjects) < 2:
            assert worker.poll() is None
            time.sleep(0.05)
            found = list(predictions(directory))
            subjects = {one["subject"] for one in found}
        assert subjects == {"files/read", "web/fetch"}
        assert all(one["task"] == "latency_p95_us" for one in found)
        assert all(900 < one["value"] < 60_000 for one in found)
    finally:
        for process in (collecting, worker):
            process.kill()
            process.communicate()
