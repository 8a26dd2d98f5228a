"""`attune evaluate` of decisions: what is chosen, and what the file of choices says of it."""

import json
import pathlib
import random

import pytest

from test_evaluate import FIELDS, calls, run


@pytest.fixture
def runs(tmp_path: pathlib.Path) -> pathlib.Path:
    """Each of three agents is good at one of three tasks."""
    draws = random.Random(5)
    path = tmp_path / "runs.jsonl"
    with path.open("w") as file:
        for number in range(180):
            agent, task = number % 3, number // 3 % 3
            row = {
                "model": f"agent-{agent}",
                "service": "shop",
                "task": f"task-{task}",
                "run": f"run-{number // 9}",
                "success": int(draws.random() < (0.95 if agent == task else 0.2)),
                "time_s": 1.5,
            }
            file.write(json.dumps(row) + "\n")
    return path


def test_the_bandit_finds_who_is_good_at_what_and_its_log_gives_the_figure_again(runs, tmp_path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    done = run("bandit", "--data", runs, "--rounds", 400, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert FIELDS <= set(result)
    assert (result["task"], result["n"]) == ("bandit", 400)
    assert result["mean_reward"] > 0.7
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    assert len(rows) == 20 * 400
    assert {row["seed"] for row in rows} == set(range(20))
    assert result["mean_reward"] == pytest.approx(sum(row["reward"] for row in rows) / len(rows))
    assert all(0 < row["p"] <= 1 for row in rows)
    # Weighed by their propensities the choices are as many as there were rounds for each agent.
    weights = sum(1 / row["p"] for row in rows) / len(rows)
    assert 2.5 < weights < 3.5


def test_the_baseline_of_the_bandit_does_not_know_the_task(runs) -> None:
    done = run("bandit", "--data", runs, "--rounds", 400, "--policy", "epsilon-greedy", "-o", "json")
    (result,) = json.loads(done.stdout)
    assert 0.3 < result["mean_reward"] < 0.6


def test_two_agents_are_told_apart_and_the_file_says_after_how_many_units(runs, tmp_path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    done = run("ab", "--data", runs, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert FIELDS <= set(result)
    assert (result["task"], result["n"]) == ("ab", 3 * 20)
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    same = [row["decided"] for row in rows if row["first"] == row["second"]]
    other = [row["n_per_arm"] for row in rows if row["first"] != row["second"]]
    assert (len(same), len(other)) == (60, 20)
    assert result["false_positive_rate"] == pytest.approx(sum(same) / len(same))
    assert result["false_positive_rate"] <= 0.1
    assert result["n_per_arm"] == pytest.approx(sum(other) / len(other))


def test_a_prefetch_policy_is_scored_beside_fixed_rules(tmp_path) -> None:
    data, predictions = tmp_path / "data.jsonl", tmp_path / "predictions.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in calls(range(300))))
    done = run("prefetch-policy", "--data", data, "--predictions", predictions, "-o", "json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert FIELDS <= set(result)
    assert result["return_low95"] < result["mean_return"] < result["return_high95"]
    rows = [json.loads(line) for line in predictions.read_text().splitlines()]
    assert [row["seed"] for row in rows] == list(range(20))
    for name in ("mean_return", "threshold_return", "one_step_return"):
        assert result[name] == pytest.approx(sum(row[name] for row in rows) / len(rows))
    # Waits of more than a second on average, most of which an item that stays the same lets foresee.
    assert result["mean_return"] > 0.5
