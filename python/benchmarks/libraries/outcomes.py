"""Failures and latencies: what River, Vowpal Wabbit and scikit-learn make of agent, server and tool.

All learn each row after they predicted it, warm ones first. River and Vowpal Wabbit get the names, their
pairs and smoothed shares so far; gradient boosting (scikit-learn) gets the shares alone, which are numbers,
and is fitted anew every 1,000 rows.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from river import compose, forest, linear_model, naive_bayes, optim
from river import preprocessing as scaling
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from vowpalwabbit import Workspace

from .figures import Figures, Stopwatch, detection, pinball
from .files import Files, Row, outcomes

SHARE = 0.95
ROWS_PER_FIT = 1000
Features = dict[str, float]


class Learner(Protocol):
    def predict(self, names: dict[str, str], shares: Features) -> float: ...
    def learn(self, names: dict[str, str], shares: Features, target: float) -> None: ...


class Shares:
    """The smoothed mean of the target so far of each name and pair of names."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()

    def features(self, names: dict[str, str]) -> Features:
        overall = self.sums[""] / self.counts[""] if self.counts[""] else 0.5
        return {
            f"share {kind}": (self.sums[f"{kind} {name}"] + 3 * overall) / (self.counts[f"{kind} {name}"] + 3)
            for kind, name in names.items()
        } | {f"count {kind}": math.log1p(self.counts[f"{kind} {name}"]) for kind, name in names.items()}

    def insert(self, names: dict[str, str], target: float) -> None:
        for key in ["", *(f"{kind} {name}" for kind, name in names.items())]:
            self.sums[key] += target
            self.counts[key] += 1


def names(row: Row) -> dict[str, str]:
    found = {kind: str(row[kind]) for kind in ("agent", "server", "tool")}
    found["family"] = found["agent"].split("-")[0]
    for one, two in combinations(("agent", "server", "tool", "family"), 2):
        found[f"{one}+{two}"] = f"{found[one]} {found[two]}"
    return found


class River:
    """A model of River over one-hot names and standardized shares."""

    def __init__(self, model: Any, is_class: bool) -> None:
        self.model = compose.Pipeline(scaling.StandardScaler(), model)
        self.is_class = is_class

    @staticmethod
    def features(names: dict[str, str], shares: Features) -> Features:
        return {f"{kind}={name}": 1.0 for kind, name in names.items()} | shares

    def predict(self, names: dict[str, str], shares: Features) -> float:
        found = self.features(names, shares)
        if self.is_class:
            return float(self.model.predict_proba_one(found).get(True, 0.5))
        return float(self.model.predict_one(found))

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        self.model.learn_one(self.features(names, shares), bool(target) if self.is_class else target)


class RiverNumbers(River):
    """The same over shares alone."""

    @staticmethod
    def features(names: dict[str, str], shares: Features) -> Features:
        return shares


class VowpalWabbit:
    def __init__(self, options: str, is_class: bool) -> None:
        self.model = Workspace(f"--quiet -b 18 {options}")
        self.is_class = is_class

    def line(self, names: dict[str, str], shares: Features, label: str = "") -> str:
        words = " ".join(f"{kind}={name}".replace(" ", "_").replace(":", "_") for kind, name in names.items())
        numbers = " ".join(f"{name.replace(' ', '_')}:{value:.5f}" for name, value in shares.items())
        return f"{label} |n {words} |s {numbers}"

    def predict(self, names: dict[str, str], shares: Features) -> float:
        return float(self.model.predict(self.line(names, shares)))

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        label = ("1" if target else "-1") if self.is_class else f"{target:.6f}"
        self.model.learn(self.line(names, shares, label))


class Boosting:
    """Gradient boosted trees, fitted anew to all rows so far; its updates are the mean cost of these fits."""

    def __init__(self, make: Callable[[], Any], is_class: bool) -> None:
        self.make, self.is_class, self.model = make, is_class, None
        self.rows: list[list[float]] = []
        self.targets: list[float] = []

    def predict(self, names: dict[str, str], shares: Features) -> float:
        if self.model is None:
            return 0.5 if self.is_class else (max(self.targets, default=0.0))
        row = np.array([list(shares.values())])
        return float(self.model.predict_proba(row)[0, 1] if self.is_class else self.model.predict(row)[0])

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        self.rows.append(list(shares.values()))
        self.targets.append(target)
        if len(self.rows) % ROWS_PER_FIT == 0:
            self.model = self.make().fit(np.array(self.rows), np.array(self.targets))


class BestShare:
    """The share of failures of the agent so far."""

    def predict(self, names: dict[str, str], shares: Features) -> float:
        return shares["share agent"]

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        pass


class LatestQuantile:
    """The 95th percentile of the latest 1,000 of the agent at the server."""

    def __init__(self) -> None:
        self.values: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=1000))

    def predict(self, names: dict[str, str], shares: Features) -> float:
        values = self.values[names["agent+server"]] or self.values[""]
        return float(np.quantile(list(values), SHARE)) if values else 0.0

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        for key in ("", names["agent+server"]):
            self.values[key].append(target)


FAILURE: dict[str, Callable[[], Learner]] = {
    "agent's share": BestShare,
    "River logistic": lambda: River(linear_model.LogisticRegression(optim.AdaGrad(0.1), l2=1e-6), True),
    "River naive Bayes": lambda: RiverNumbers(naive_bayes.GaussianNB(), True),
    "River adaptive forest": lambda: RiverNumbers(forest.ARFClassifier(n_models=5, seed=1), True),
    "Vowpal Wabbit": lambda: VowpalWabbit("--loss_function logistic --link logistic", True),
    "scikit-learn boosting": lambda: Boosting(lambda: HistGradientBoostingClassifier(max_iter=80), True),
}
LATENCY: dict[str, Callable[[], Learner]] = {
    "agent's quantile": LatestQuantile,
    "River quantile": lambda: River(
        linear_model.LinearRegression(optim.AdaGrad(0.1), loss=optim.losses.Quantile(SHARE)), False
    ),
    "Vowpal Wabbit": lambda: VowpalWabbit(f"--loss_function quantile --quantile_tau {SHARE}", False),
    "scikit-learn boosting": lambda: Boosting(
        lambda: HistGradientBoostingRegressor(loss="quantile", quantile=SHARE, max_iter=80), False
    ),
}


def replay(
    warm: list[Row], scored: list[Row], learner: Learner, target: Callable[[Row], float]
) -> tuple[list[float], list[float], Stopwatch]:
    shares, watch = Shares(), Stopwatch()
    predicted, truth = [], []
    for place, row in enumerate(warm + scored):
        called = names(row)
        features, value = shares.features(called), target(row)
        if place >= len(warm):
            predicted.append(watch.predict(lambda: learner.predict(called, features)))
            truth.append(value)
        watch.update(lambda: learner.learn(called, features, value))
        shares.insert(called, value)
    if isinstance(learner, Boosting):
        watch.updated = [sum(watch.updated) / max(1, len(watch.updated))]
    return predicted, truth, watch


def failure(files: Files) -> Iterator[Figures]:
    warm, scored = outcomes(files.warm), outcomes(files.data)
    for dataset, some in scored.items():
        parts = [[row for row in part if row["failed"] is not None] for part in (warm.get(dataset, []), some)]
        for name, make in FAILURE.items():
            if files.wants(name) and parts[1]:
                found, truth, watch = replay(parts[0], parts[1], make(), lambda row: float(row["failed"]))
                figures = detection(found, [bool(one) for one in truth], is_probability=True)
                yield {"dataset": dataset, "method": name} | figures | watch.figures()


def latency(files: Files) -> Iterator[Figures]:
    warm, scored = outcomes(files.warm), outcomes(files.data)
    for dataset, some in scored.items():
        parts = [[row for row in part if (row["seconds"] or 0) > 0] for part in (warm.get(dataset, []), some)]
        for name, make in LATENCY.items():
            if files.wants(name) and parts[1]:
                found, truth, watch = replay(parts[0], parts[1], make(), lambda row: math.log(row["seconds"]))
                yield {"dataset": dataset, "method": name} | pinball(found, truth) | watch.figures()
