"""Learns from live traffic how long each tool takes and how often it fails, with scikit-learn.

    pip install 'attune[sklearn]'
    python examples/latency_sklearn.py [--region DIRECTORY] [--interval SECONDS]

Two linear models learn by stochastic gradient descent, a batch of calls at a time, and forget what is long
ago. Every interval the tools that were called get two predictions, which `attune top` shows: `latency_us` and
`failure`.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy import sparse
from sklearn.linear_model import SGDClassifier, SGDRegressor
from tools import Tools

import attune

COLUMNS = 1024
FAILED = [
    outcome for outcome in attune.Outcome if outcome not in (attune.Outcome.OK, attune.Outcome.CANCELLED)
]


class ToolModel:
    """Latency (its logarithm) and failure of a call, given its tool and the size of its request."""

    def __init__(self) -> None:
        self.latency = SGDRegressor(loss="huber", learning_rate="constant", eta0=0.05, random_state=1)
        self.failure = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.05, random_state=1)
        self.sizes: dict[int, float] = {}

    @staticmethod
    def features(tools: np.ndarray, request_bytes: np.ndarray) -> sparse.csr_matrix:
        """One column a tool, and the logarithm of the size."""
        rows = np.arange(len(tools))
        columns = 1 + tools.astype(np.int64) % (COLUMNS - 1)
        size = np.log1p(request_bytes.astype(np.float64)) / 10
        return sparse.csr_matrix(
            (
                np.concatenate([np.ones(len(tools)), size]),
                (np.tile(rows, 2), np.concatenate([columns, np.zeros_like(columns)])),
            ),
            shape=(len(tools), COLUMNS),
        )

    def learn(self, calls: np.ndarray) -> None:
        """Takes records with numbers of tools."""
        x = self.features(calls["tool"], calls["request_bytes"])
        self.latency.partial_fit(x, np.log1p(calls["duration_us"].astype(np.float64)) / 10)
        self.failure.partial_fit(x, np.isin(calls["outcome"], FAILED), classes=[False, True])
        for tool in np.unique(calls["tool"]).tolist():
            self.sizes[tool] = float(np.median(calls["request_bytes"][calls["tool"] == tool]))

    def predict(self, tool: int) -> tuple[float, float]:
        """Microseconds and the probability of a failure for a usual call of a tool."""
        x = self.features(np.array([tool]), np.array([self.sizes[tool]]))
        return float(np.expm1(10 * self.latency.predict(x)[0])), float(self.failure.predict_proba(x)[0, 1])


def publish(region: attune.Region, model: ToolModel, tools: Tools, called: set[int]) -> None:
    """Sends what the model says of each tool; a full queue is tried again at the next interval."""
    for tool in called:
        latency, failure = model.predict(tool)
        try:
            region.publish_prediction("latency_us", tools.names[tool], round(latency, 1), model="sgd")
            region.publish_prediction("failure", tools.names[tool], round(failure, 4), model="sgd")
        except attune.QueueFull:
            return


def run(region: attune.Region, *, interval: float = 5.0, idle: float | None = None) -> ToolModel:
    """Learns until the region is closed, or nothing came for `idle` seconds."""
    model = ToolModel()
    tools = Tools()
    called: set[int] = set()
    due = time.monotonic() + interval
    for batch in region.ring_buffer.observations(timeout=idle):
        calls = tools.calls(batch)
        if len(calls):
            model.learn(calls)
            called.update(np.unique(calls["tool"]).tolist())
        if time.monotonic() >= due:
            publish(region, model, tools, called)
            called.clear()
            due = time.monotonic() + interval
    publish(region, model, tools, called)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--region", help="directory of a region in files; else the gateway is found by its config"
    )
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between predictions")
    arguments = parser.parse_args()
    with attune.Region.attach(arguments.region, name=None) as attached:
        run(attached, interval=arguments.interval)
