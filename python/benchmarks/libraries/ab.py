"""Telling two agents apart: savvi's sequential test, and tests at a fixed size by SciPy's normal quantiles.

A unit is a task, an agent by a coin, and whether a run drawn evenly succeeded, as attune plays it. savvi
counts successes of both arms (Lindon, Malek, NeurIPS 2022); `peeking` tests at .05 after every tenth unit,
`fixed` once, at the size that has a power of .8 for the two rates.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from savvi.multinomial import Multinomial
from scipy.stats import norm

from .bandit import tasks
from .figures import Figures, Stopwatch
from .files import Files, outcomes

UNITS, MOST_UNITS, FEWEST = 4000, 40_000, 100
RATES = (0.526, 0.469)
Runs = list[tuple[list[int], list[int]]]


class Test(Protocol):
    def insert(self, arm: int, reward: int) -> None: ...
    def is_decided(self) -> bool: ...


class Savvi:
    def __init__(self) -> None:
        self.test = Multinomial(0.05, np.array([0.5, 0.5]))

    def insert(self, arm: int, reward: int) -> None:
        if reward:
            self.test.update(np.array([1 - arm, arm]))

    def is_decided(self) -> bool:
        return bool(self.test.odds >= 20)


class Peeking:
    def __init__(self) -> None:
        self.units, self.sums = [0, 0], [0, 0]

    def insert(self, arm: int, reward: int) -> None:
        self.units[arm] += 1
        self.sums[arm] += reward

    def is_decided(self) -> bool:
        if sum(self.units) < FEWEST or min(self.units) == 0 or sum(self.units) % 10:
            return False
        rates = [total / units for total, units in zip(self.sums, self.units, strict=True)]
        pooled = sum(self.sums) / sum(self.units)
        error = (pooled * (1 - pooled) * sum(1 / units for units in self.units)) ** 0.5
        return error > 0 and bool(abs(rates[0] - rates[1]) / error > norm.ppf(0.975))


METHODS: dict[str, Callable[[], Test]] = {"savvi": Savvi, "peeking": Peeking}


def play(make: Callable[[], Test], runs: Runs, most: int, seed: int, watch: Stopwatch) -> tuple[int, bool]:
    draws, test = random.Random(seed), make()
    for unit in range(1, most + 1):
        arm = draws.randrange(2)
        reward = draws.choice(draws.choice(runs)[arm])
        watch.update(lambda: test.insert(arm, reward))
        if watch.predict(test.is_decided):
            return unit, True
    return most, False


def fixed(rates: tuple[float, float]) -> float:
    """Units of each arm for a power of .8 at .05."""
    spread = sum(rate * (1 - rate) for rate in rates)
    return float((norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * spread / (rates[0] - rates[1]) ** 2)


def run(files: Files) -> Iterator[Figures]:
    for dataset, rows in outcomes(files.data).items():
        some = tasks(rows)
        agents = sorted({agent for _, _, runs in some for agent in runs})
        shared = lambda one, two: [
            (runs[one], runs[two]) for _, _, runs in some if one in runs and two in runs
        ]
        mean = lambda agent: float(np.mean([np.mean(runs[agent]) for _, _, runs in some if agent in runs]))
        rates = {agent: mean(agent) for agent in agents}
        pairs = [(one, two) for one in agents for two in agents if one != two]
        first, second = min(
            pairs,
            key=lambda pair: sum(abs(rates[agent] - rate) for agent, rate in zip(pair, RATES, strict=True)),
        )
        for name, make in METHODS.items():
            if files.wants(name):
                watch = Stopwatch()
                mistakes = [
                    play(make, shared(agent, agent), UNITS, seed, watch)[1]
                    for agent in agents
                    for seed in range(files.seeds)
                ]
                units = [
                    play(make, shared(first, second), MOST_UNITS, seed, watch)[0] / 2 for seed in range(20)
                ]
                figures = {"n": len(mistakes), "false_positive_rate": float(np.mean(mistakes))}
                yield (
                    {"dataset": dataset, "method": name}
                    | figures
                    | {"n_per_arm": float(np.mean(units))}
                    | watch.figures()
                )
        if files.wants("fixed"):
            yield {"dataset": dataset, "method": "fixed", "n_per_arm": fixed((rates[first], rates[second]))}
