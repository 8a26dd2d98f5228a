"""Metrics as `attune evaluate` computes them, and how long predictions and updates took."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

Value = TypeVar("Value")
Figures = dict[str, Any]


class Stopwatch:
    """Medians in nanoseconds."""

    def __init__(self) -> None:
        self.predicted: list[float] = []
        self.updated: list[float] = []

    def predict(self, body: Callable[[], Value], rows: int = 1) -> Value:
        """Runs and times a prediction of some rows at once."""
        return self._time(self.predicted, body, rows)

    def update(self, body: Callable[[], Value], rows: int = 1) -> Value:
        """Runs and times learning from some rows at once."""
        return self._time(self.updated, body, rows)

    def figures(self) -> Figures:
        times = {"predict_ns_p50": self.predicted, "update_ns_p50": self.updated}
        return {name: round(statistics.median(found)) for name, found in times.items() if found}

    @staticmethod
    def _time(times: list[float], body: Callable[[], Value], rows: int) -> Value:
        start = time.perf_counter_ns()
        value = body()
        times.append((time.perf_counter_ns() - start) / max(1, rows))
        return value


def detection(scores: Sequence[float], labels: Sequence[bool | int], is_probability: bool = False) -> Figures:
    truth = np.asarray(labels, dtype=int)
    found: Figures = {"n": len(truth)}
    if 0 < truth.sum() < len(truth):
        found |= {"auroc": roc_auc_score(truth, scores), "ap": average_precision_score(truth, scores)}
    if is_probability:
        found["brier"] = float(np.mean((np.asarray(scores) - truth) ** 2))
    return found


def pinball(bounds: Sequence[float], values: Sequence[float], share: float = 0.95) -> Figures:
    """The mean loss of a bound over logarithms of seconds, and the share that kept it."""
    excess = np.asarray(values) - np.asarray(bounds)
    loss = np.where(excess > 0, share * excess, (share - 1) * excess)
    return {"n": len(excess), "pinball95": float(loss.mean()), "coverage95": float((excess <= 0).mean())}


def retrieval(ranked: list[list[str]], golds: list[list[list[str]]]) -> Figures:
    sums = dict.fromkeys(("r1", "r5", "r10", "ndcg10"), 0.0)
    for ids, wanted in zip(ranked, golds, strict=True):
        places = {name: place for place, name in reversed(list(enumerate(ids)))}
        ranks = [min((places[name] for name in some if name in places), default=None) for some in wanted]
        for most in (1, 5, 10):
            sums[f"r{most}"] += sum(rank is not None and rank < most for rank in ranks) / len(ranks)
        gains = sum(
            1 / math.log2(rank + 2) for rank in {rank for rank in ranks if rank is not None and rank < 10}
        )
        sums["ndcg10"] += gains / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(ranks))))
    return {"n": len(ranked)} | {name: value / max(1, len(ranked)) for name, value in sums.items()}


def nab_standard(scores: list[list[float]], windows: list[list[list[int]]]) -> Figures:
    """The standard profile of the Numenta Anomaly Benchmark, at the threshold best over all series."""

    def sigmoid(y: float) -> float:
        return -1.0 if y > 3 else 2 / (1 + math.exp(5 * y)) - 1

    candidates: list[tuple[float, tuple[int, int] | None, float]] = []
    count = 0
    for number, (found, spans) in enumerate(zip(scores, windows, strict=True)):
        start = int(0.15 * min(len(found), 5000))
        count += len(found) - start
        for index in range(start, len(found)):
            if found[index] <= 0:
                continue
            inside = [place for place, (first, last) in enumerate(spans) if first <= index <= last]
            before = [(first, last) for first, last in spans if last < index]
            if inside:
                first, last = spans[inside[0]]
                worth = sigmoid(-(last - index + 1) / (last - first + 1)) / sigmoid(-1)
                candidates.append((found[index], (number, inside[0]), worth))
            else:
                first, last = before[-1] if before else (0, 0)
                worth = sigmoid((index - last) / max(1, last - first)) if before else -1.0
                candidates.append((found[index], None, 0.11 * worth))
    candidates.sort(key=lambda one: -one[0])
    caught: dict[tuple[int, int], float] = {}
    total = best = -float(sum(map(len, windows)))
    for place, (score, window, worth) in enumerate(candidates):
        if window is None:
            total += worth
        else:
            total += max(0.0, worth - caught.get(window, -1.0))
            caught[window] = max(worth, caught.get(window, -1.0))
        if place + 1 == len(candidates) or candidates[place + 1][0] < score:
            best = max(best, total)
    return {"n": count, "nab_standard": 50 * (best / max(1, sum(map(len, windows))) + 1)}
