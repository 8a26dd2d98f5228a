"""Where series of numbers are unusual: River's detectors online, scikit-learn and PyOD fitted to each start.

Those that are fitted see the first 15 % of a series (at most 750 values), as windows of ten differences and
their mean; a value's score is its rank among the latest, so that one threshold holds for all series.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyod.models.ecod import ECOD
from pyod.models.knn import KNN
from river import anomaly
from scipy.stats import norm
from sklearn.ensemble import IsolationForest

from .figures import Figures, Stopwatch, nab_standard
from .files import Files, rows

Values = NDArray[np.float64]
WINDOW = 10
LONG, SHORT = 400, 10


def likelihood(scores: list[float]) -> list[float]:
    """How unusual the latest ten scores are among the latest 400 (Numenta's anomaly likelihood)."""
    past: deque[float] = deque(maxlen=LONG)
    short: deque[float] = deque(maxlen=SHORT)
    found = []
    for score in scores:
        if not math.isfinite(score):
            found.append(0.0)
            continue
        past.append(score)
        short.append(score)
        values = np.array(past)
        deviation = max(1e-9, float(values.std()))
        away = (sum(short) / len(short) - float(values.mean())) / deviation
        found.append(float(-norm.logsf(away)) if len(past) > 100 else 0.0)
    return found


def online(make: Callable[[], Any]) -> Callable[[Values, Stopwatch], list[float]]:
    def score(values: Values, watch: Stopwatch) -> list[float]:
        model, found = make(), []
        low, high = float(np.nanmin(values[:200])), float(np.nanmax(values[:200]))
        for value in values:
            if not math.isfinite(value):
                found.append(math.nan)
                continue
            scaled = {"x": min(1.0, max(0.0, 0.25 + 0.5 * (float(value) - low) / ((high - low) or 1)))}
            found.append(watch.predict(lambda: float(model.score_one(scaled))))
            watch.update(lambda: model.learn_one(scaled))
        return likelihood(found)

    return score


def gaussian(values: Values, watch: Stopwatch) -> list[float]:
    """River's Gaussian scorer over a long window, as Numenta's windowed Gaussian has."""
    model, found = anomaly.GaussianScorer(window_size=6400, grace_period=100), []
    for value in values:
        if not math.isfinite(value):
            found.append(math.nan)
            continue
        share = watch.predict(lambda: float(model.score_one(None, float(value))))
        watch.update(lambda: model.learn_one(None, float(value)))
        found.append(share)
    return likelihood(found)


def fitted(make: Callable[[], Any]) -> Callable[[Values, Stopwatch], list[float]]:
    def score(values: Values, watch: Stopwatch) -> list[float]:
        known = np.nan_to_num(values, nan=float(np.nanmean(values)))
        windows = np.lib.stride_tricks.sliding_window_view(
            np.concatenate([[known[0]] * (WINDOW - 1), known]), WINDOW
        )
        table = np.hstack([np.diff(windows, axis=1), windows.mean(axis=1, keepdims=True)])
        start = int(0.15 * min(len(values), 5000))
        model = make()
        watch.update(lambda: model.fit(table[:start]), start)
        found = watch.predict(lambda: model.decision_function(table), len(table))
        return likelihood([float(one) for one in (-found if isinstance(model, IsolationForest) else found)])

    return score


METHODS: dict[str, Callable[[Values, Stopwatch], list[float]]] = {
    "River half-space trees": online(lambda: anomaly.HalfSpaceTrees(n_trees=10, window_size=250, seed=1)),
    "River Gaussian": gaussian,
    "scikit-learn isolation forest": fitted(lambda: IsolationForest(random_state=1)),
    "PyOD ECOD": fitted(ECOD),
    "PyOD nearest neighbours": fitted(KNN),
}


def run(files: Files) -> Iterator[Figures]:
    some = [row for row in rows(files.data) if "values" in row]
    for name, method in METHODS.items():
        if files.wants(name):
            watch, scores = Stopwatch(), []
            for row in some:
                values = np.array(
                    [math.nan if one is None else one for one in row["values"]], dtype=np.float64
                )
                scores.append(method(values, watch))
            figures = nab_standard(scores, [row.get("windows") or [] for row in some])
            yield {"dataset": some[0].get("dataset", "nab"), "method": name} | figures | watch.figures()
