"""The learning curves that are kept: what is made for them, and what a comparison finds."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from harness.places import ROOT, binary

CURVES = ROOT / "Benchmarks" / "curves"
#: The quickest of all tasks.
TASK, NAME = "cacheability", "cacheability made"


@pytest.fixture(scope="module")
def traffic(tmp_path_factory) -> pathlib.Path:
    return made(tmp_path_factory.mktemp("traffic"))


def made(folder: pathlib.Path, seed: int = 1) -> pathlib.Path:
    command = [sys.executable, CURVES / "made_traffic.py", folder, "--seed", str(seed)]
    subprocess.run(command, check=True, timeout=60)
    return folder


@pytest.fixture
def project(tmp_path: pathlib.Path, traffic: pathlib.Path) -> pathlib.Path:
    """The script and the curves alone, in a place that has no ../shared."""
    place = tmp_path / "project"
    (place / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "learning-curves", place / "scripts")
    shutil.copytree(CURVES, place / "Benchmarks" / "curves")
    (place / "traffic").symlink_to(traffic)
    return place


def compare(project: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess:
    script = project / "scripts" / "learning-curves"
    command = [sys.executable, script, binary(), "--only", TASK, "--traffic", project / "traffic", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)


def change(project: pathlib.Path, metric: str, rows: str, by: float) -> None:
    path = project / "Benchmarks" / "curves" / "made.json"
    document = json.loads(path.read_text())
    document["curves"][NAME][rows][metric] += by
    path.write_text(json.dumps(document))


def test_the_traffic_is_made_the_same_for_the_same_seed_only(traffic, tmp_path) -> None:
    same, other = made(tmp_path / "same"), made(tmp_path / "other", seed=2)
    for path in traffic.iterdir():
        assert path.read_bytes() == (same / path.name).read_bytes()
        assert path.read_bytes() != (other / path.name).read_bytes()


def test_the_traffic_has_what_each_task_learns_from(traffic) -> None:
    calls = [json.loads(line) for line in (traffic / "calls.jsonl").read_text().splitlines()]
    assert len(calls) > 10_000
    share = {
        field: sum(bool(call[field]) for call in calls) / len(calls)
        for field in ("is_error", "poisoned_result", "attack_success")
    }
    assert 0.05 < share["is_error"] < 0.2
    assert 0.005 < share["poisoned_result"] < 0.05 and 0.005 < share["attack_success"] < 0.1
    assert {"earlier", "runs", "series", "catalog", "questions"} < {path.stem for path in traffic.iterdir()}


def test_every_task_has_an_accepted_curve() -> None:
    text = subprocess.run([binary(), "evaluate", "--help"], capture_output=True, text=True, check=True).stdout
    tasks = set(re.findall(r"^\s+([a-z-]+): ", text.split("Tasks:")[1].split("USAGE")[0], re.MULTILINE))
    assert len(tasks) >= 13
    for name in ("made", "development"):
        curves = json.loads((CURVES / f"{name}.json").read_text())["curves"]
        assert {curve.split()[0] for curve in curves} == tasks


def test_what_is_as_accepted_passes_and_the_lack_of_shared_is_said(project) -> None:
    done = compare(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SKIPPED" in done.stdout and "../shared" in done.stdout
    assert not re.search("worse|better", done.stdout)


def test_a_figure_that_is_worse_than_accepted_fails_by_name(project) -> None:
    change(project, "auroc", "2000", +0.05)
    change(project, "brier", "all", -0.02)
    done = compare(project)
    assert done.returncode == 1
    assert f"worse: {NAME}, auroc after 2000 rows" in done.stdout
    assert f"worse: {NAME}, brier after all rows" in done.stdout
    assert "2 figures" in done.stderr and "next: " in done.stderr


def test_a_figure_within_its_tolerance_passes(project) -> None:
    change(project, "auroc", "2000", +0.009)
    assert compare(project).returncode == 0


def test_a_figure_that_is_better_asks_to_be_accepted_and_is_kept_from_then_on(project) -> None:
    change(project, "auroc", "2000", -0.05)
    done = compare(project)
    assert done.returncode == 0
    assert f"better: {NAME}, auroc after 2000 rows" in done.stdout and "curves-accept" in done.stdout
    assert compare(project, "--accept").returncode == 0
    assert (project / "Benchmarks" / "curves" / "made.json").read_text() == (CURVES / "made.json").read_text()


def test_a_curve_that_is_no_longer_measured_fails(project) -> None:
    path = project / "Benchmarks" / "curves" / "made.json"
    document = json.loads(path.read_text())
    document["curves"]["cacheability gone"] = {"all": {"auroc": 0.9}}
    path.write_text(json.dumps(document))
    done = compare(project)
    assert done.returncode == 1 and "nothing was measured" in done.stdout


def test_other_made_files_than_the_accepted_ones_are_refused(project) -> None:
    (project / "traffic").unlink()
    made(project / "traffic", seed=2)
    done = compare(project)
    assert done.returncode == 2 and "next: " in done.stderr
