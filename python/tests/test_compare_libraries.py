"""`benchmarks/compare_libraries.py`: its metrics, its splits, and what it says where libraries are absent."""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sklearn")
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import compare_libraries  # noqa: E402

from libraries import figures, files  # noqa: E402


def call(session: int, step: int, tool: str) -> dict[str, object]:
    return {
        "dataset": "made",
        "session_id": f"made/{session}",
        "step": step,
        "server": "shop",
        "tool": tool,
        "args": "{}",
        "result": "done",
        "is_error": False,
    }


def written(path: Path, sessions: range) -> Path:
    with gzip.open(path, "wt") as file:
        for session in sessions:
            for step, tool in enumerate(["search", "open", "buy" if session % 3 else "leave"]):
                file.write(json.dumps(call(session, step, tool)) + "\n")
    return path


def compare(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BENCHMARKS / "compare_libraries.py", *map(str, arguments), "--attune", ""]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def test_every_task_has_its_module() -> None:
    for module, function in compare_libraries.TASKS.values():
        source = (BENCHMARKS / "libraries" / f"{module}.py").read_text()
        assert f"def {function}(files: Files) -> Iterator[Figures]:" in source
    assert set(files.RECORDED) == set(compare_libraries.TASKS)


def test_a_perfect_detector_has_100_of_nab_and_none_has_0() -> None:
    windows = [[[1000, 1099]], [[900, 949]]]
    nothing = [[0.0] * 2000 for _ in windows]
    assert figures.nab_standard(nothing, windows)["nab_standard"] == 0
    first = [[float(index == start) for index in range(2000)] for start in (1000, 900)]
    assert figures.nab_standard(first, windows)["nab_standard"] == pytest.approx(100)
    late = [[float(index == start) for index in range(2000)] for start in (1099, 949)]
    assert figures.nab_standard(late, windows)["nab_standard"] < 60
    assert figures.nab_standard(first, windows)["n"] == 2 * (2000 - 300)


def test_what_is_found_counts_by_its_rank() -> None:
    found = figures.retrieval([["a", "b", "c"]], [[["b", "x"], ["c"], ["y"]]])
    assert (found["r1"], found["r5"]) == (0, pytest.approx(2 / 3))
    best = sum(1 / math.log2(rank + 2) for rank in range(3))
    assert found["ndcg10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(4)) / best)


def test_a_bound_costs_more_for_what_is_above_it() -> None:
    found = figures.pinball([1.0, 1.0], [2.0, 0.0])
    assert found == {"n": 2, "pinball95": pytest.approx((0.95 + 0.05) / 2), "coverage95": 0.5}


def test_recorded_traffic_is_split_by_session_and_nothing_is_lost(tmp_path: Path) -> None:
    written(tmp_path / "agentdojo.dev.jsonl.gz", range(200))
    parts = []
    for number in (0, 1):
        (into := tmp_path / str(number)).mkdir()
        given = files.split("cacheability", tmp_path, number, into)
        warm, data = ([row["session_id"] for row in files.rows(paths)] for paths in (given.warm, given.data))
        assert len(warm) + len(data) == 600
        assert not set(warm) & set(data)
        assert 0.55 < len(warm) / 600 < 0.85
        parts.append(set(warm))
    assert parts[0] != parts[1]


def test_the_next_tool_is_measured_and_the_absence_of_attune_is_said(tmp_path: Path) -> None:
    warm, data = written(tmp_path / "warm.gz", range(60)), written(tmp_path / "data.gz", range(60, 90))
    done = compare("next-tool", "--data", data, "--warm", warm, "-o", "json")
    assert done.returncode == 0, done.stderr
    assert "SKIPPED: attune" in done.stderr
    found = {row["method"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(found) == {"bigram", "kneser-ney", "logistic"}
    assert all(row["n"] == 90 and row["top1"] > 0.8 and row["predict_ns_p50"] > 0 for row in found.values())


def test_libraries_that_are_not_installed_are_named(tmp_path: Path) -> None:
    data = written(tmp_path / "data.gz", range(3))
    try:
        import river  # noqa: F401
    except ImportError:
        done = compare("failure", "--data", data)
        assert done.returncode == 0
        assert "SKIPPED: the libraries of failure are not installed: No module named 'river'" in done.stderr
    else:
        pytest.skip("River is installed")


def test_a_command_line_without_data_is_refused() -> None:
    assert compare("failure").returncode == 2
