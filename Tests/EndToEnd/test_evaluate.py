"""`attune evaluate`: learners measured on recorded calls, and predictions that give the figures again."""

import gzip
import json
import math
import pathlib
import random
import subprocess

import pytest

from harness.places import binary

FIELDS = {"task", "dataset", "n", "n_warm", "seed", "predict_ns_p50", "update_ns_p50"}


def run(*arguments: object) -> subprocess.CompletedProcess:
    command = [binary(), "evaluate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, input=b"")


def calls(sessions: range, dataset: str = "made") -> list[dict]:
    """Sessions that search, open what they found and buy it if the price that they read is low."""
    rows = []
    for number in sessions:
        price = random.Random(number).choice(["low", "high"])
        for step, tool in enumerate(["search", "open", "buy" if price == "low" else "leave"]):
            rows.append(
                {
                    "dataset": dataset,
                    "session_id": f"{dataset}/{number}",
                    "step": step,
                    "turn": step,
                    "server": "shop",
                    "tool": tool,
                    "args": json.dumps({"item": number % 7}),
                    "result": f"the price is {price}" if tool == "open" else "done",
                    "is_error": False,
                }
            )
    return rows


@pytest.fixture
def files(tmp_path: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    data, warm = tmp_path / "data.jsonl", tmp_path / "warm.jsonl.gz"
    data.write_text("".join(json.dumps(row) + "\n" for row in calls(range(40))))
    with gzip.open(warm, "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in calls(range(100, 200)))
    return data, warm


def test_the_next_tool_is_learned_and_every_figure_can_be_recomputed(files, tmp_path) -> None:
    data, warm = files
    predictions = tmp_path / "predictions.jsonl"
    done = run("next-tool", "--data", data, "--warm", warm, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == b"", "no progress bar without a terminal"
    (result,) = json.loads(done.stdout)
    assert FIELDS <= set(result)
    assert (result["task"], result["dataset"]) == ("next-tool", "made")
    assert (result["n"], result["n_warm"]) == (120, 300)
    assert result["top1"] > 0.95
    ranks, bits = [], []
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    for row in rows:
        names = [candidate["tool"] for candidate in row["candidates"]]
        assert sorted(names) == ["buy", "leave", "open", "search"]
        ranks.append(names.index(row["tool"]))
        bits.append(-math.log2(row["candidates"][ranks[-1]]["p"]))
    for most in (1, 3, 5):
        assert result[f"top{most}"] == pytest.approx(sum(rank < most for rank in ranks) / len(ranks))
    assert result["mrr"] == pytest.approx(sum(1 / (rank + 1) for rank in ranks) / len(ranks))
    assert result["bits"] == pytest.approx(sum(bits) / len(bits), abs=1e-5)
    assert {(row["session_id"], row["step"]) for row in rows} == {
        (row["session_id"], row["step"]) for row in calls(range(40))
    }


def test_data_repeats_and_each_data_set_has_a_result(tmp_path) -> None:
    for name in ("one", "two"):
        text = "".join(json.dumps(row) + "\n" for row in calls(range(5), name))
        (tmp_path / name).write_text(text)
    done = run("next-tool", "--data", tmp_path / "two", "--data", tmp_path / "one", "-o", "json")
    assert [result["dataset"] for result in json.loads(done.stdout)] == ["two", "one"]


def test_without_json_it_is_a_table(files) -> None:
    done = run("next-tool", "--data", files[0])
    assert done.returncode == 0
    assert done.stdout.startswith(b"DATASET") and b"\nmade" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["next-tool"], ["no-such-task", "--data", "x"], ["next-tool", "--data", "x", "--leave-group-out"]],
)
def test_a_wrong_command_line_is_usage(arguments) -> None:
    assert run(*arguments).returncode == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{}\n", b"no row"),
        (b'{"tool":"a"}\nnonsense\n', b":2: "),
        (b"\x1f\x8b\x08" + bytes(40), b"damaged"),
    ],
)
def test_files_that_cannot_be_used_are_named_with_what_to_do(tmp_path, content, said) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    done = run("next-tool", "--data", path)
    assert done.returncode == 1
    assert said in done.stderr and b"next: " in done.stderr and done.stdout == b""


def test_the_next_call_is_right_only_with_its_arguments(files, tmp_path) -> None:
    data, warm = files
    predictions = tmp_path / "predictions.jsonl"
    done = run("next-call", "--data", data, "--warm", warm, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    hits = [
        bool(row["candidates"])
        and (row["candidates"][0]["tool"], row["candidates"][0]["args"]) == (row["tool"], row["args"])
        for row in rows
    ]
    assert result["n"] == len(rows) == 120
    assert result["top1"] == pytest.approx(sum(hits) / len(hits))
    # The item of a session cannot be known at its first call, and stays the same in all others.
    assert result["top1"] > 0.6 and "bits" not in result


def spiky(name: str, windows: list[list[int]]) -> dict:
    """A day of noise after another, with a spike in the middle of each window."""
    chance = random.Random(name)
    values = [10 + chance.uniform(-1, 1) for _ in range(2000)]
    for first, last in windows:
        values[(first + last) // 2] = 90.0
    return {
        "series": name,
        "t0": "2014-04-01 00:00:00",
        "step_s": 300.0,
        "values": values,
        "windows": windows,
    }


def nab_standard(rows: list[dict], series: dict[str, dict]) -> float:
    """The standard profile of the Numenta Anomaly Benchmark at its best threshold."""

    def sigmoid(y: float) -> float:
        return -1.0 if y > 3 else 2 / (1 + math.exp(5 * y)) - 1

    def total(threshold: float) -> float:
        found = 0.0
        for name, one in series.items():
            windows = one["windows"]
            probation = int(0.15 * min(len(one["values"]), 5000))
            best = [-1.0] * len(windows)
            for row in rows:
                index = row["index"]
                if row["series"] != name or row["score"] < threshold or index < probation:
                    continue
                inside = [n for n, (a, b) in enumerate(windows) if a <= index <= b]
                before = [(a, b) for a, b in windows if b < index]
                if inside:
                    first, last = windows[inside[0]]
                    worth = sigmoid(-(last - index + 1) / (last - first + 1)) / sigmoid(-1)
                    best[inside[0]] = max(best[inside[0]], worth)
                elif before:
                    first, last = before[-1]
                    found += 0.11 * sigmoid((index - last) / (last - first))
                else:
                    found -= 0.11
            found += sum(best)
        return found

    count = sum(len(one["windows"]) for one in series.values())
    scores = sorted({row["score"] for row in rows if row["score"] > 0}, reverse=True)[:40]
    return 50 * (max([-count, *map(total, scores)]) / count + 1)


def test_spikes_of_series_are_found_and_the_score_can_be_recomputed(tmp_path) -> None:
    series = {
        name: spiky(name, windows)
        for name, windows in {"a": [[900, 1000], [1500, 1600]], "b": [], "c": [[700, 800]]}.items()
    }
    data, predictions = tmp_path / "series.jsonl.gz", tmp_path / "predictions.jsonl"
    with gzip.open(data, "wt") as file:
        file.writelines(json.dumps(one) + "\n" for one in series.values())
    done = run("series", "--data", data, "--warm", data, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert FIELDS <= set(result)
    assert (result["dataset"], result["n"], result["n_warm"]) == ("nab", 5100, 6000)
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    assert len(rows) == 6000
    assert sum(row["label"] for row in rows) == 303
    assert result["nab_standard"] > 85
    assert result["nab_standard"] == pytest.approx(nab_standard(rows, series), abs=1e-6)
    alarms = [(row["series"], row["index"]) for row in rows if row["alarm"]]
    assert {("a", 950), ("a", 1550), ("c", 750)} <= set(alarms) and len(alarms) < 12
