"""Learns how long calls take with a small neural network, in PyTorch.

    pip install 'attune[torch]'
    python examples/latency_torch.py [--region DIRECTORY] [--interval SECONDS]

A tool is a vector of eight learned numbers; two layers make of it, and of the size of the request, the
logarithm of the latency with its spread. Predictions are published as `latency_us`, with the 90th percentile
beside.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch
from tools import Tools
from torch import nn

import attune

TOOLS = 4096
RECENT = 8192
SAMPLE = 128
MOST_STEPS = 200
Z90 = 1.2816


class LatencyNet(nn.Module):
    """Mean and logarithmic spread of log(1 + microseconds) / 10."""

    def __init__(self) -> None:
        super().__init__()
        self.tools = nn.Embedding(TOOLS, 8)
        self.layers = nn.Sequential(nn.Linear(9, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, tools: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
        return self.layers(torch.cat([self.tools(tools % TOOLS), sizes[:, None]], dim=1))


class Learner:
    """The network and how it learns: by likelihood, on samples of the latest calls."""

    def __init__(self) -> None:
        # Beside a gateway one thread is enough.
        torch.set_num_threads(1)
        torch.manual_seed(1)
        self.random = np.random.default_rng(1)
        self.recent = np.zeros(0, dtype=attune.RECORD)
        self.net = LatencyNet()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.01)
        self.sizes: dict[int, float] = {}

    def learn(self, calls: np.ndarray) -> None:
        """Takes records with numbers of tools: some steps for every 16, each on a sample of the latest."""
        self.recent = np.concatenate([self.recent, calls])[-RECENT:]
        for _ in range(min(MOST_STEPS, 4 * -(-len(calls) // 16))):
            self.step(self.recent[self.random.integers(0, len(self.recent), SAMPLE)])
        for tool in np.unique(calls["tool"]).tolist():
            self.sizes[tool] = float(np.median(calls["request_bytes"][calls["tool"] == tool]))

    def step(self, calls: np.ndarray) -> None:
        """One step of the optimizer."""
        tools = torch.from_numpy(calls["tool"].astype(np.int64))
        sizes = torch.from_numpy(np.log1p(calls["request_bytes"]).astype(np.float32) / 10)
        target = torch.from_numpy(np.log1p(calls["duration_us"]).astype(np.float32) / 10)
        mean, spread = self.net(tools, sizes).unbind(1)
        loss = nn.functional.gaussian_nll_loss(mean, target, (2 * spread.clamp(-7, 3)).exp())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def predict(self, tool: int) -> tuple[float, float]:
        """Median and 90th percentile of a usual call of a tool, in microseconds."""
        with torch.no_grad():
            size = torch.tensor([np.log1p(self.sizes[tool]) / 10], dtype=torch.float32)
            mean, spread = self.net(torch.tensor([tool]), size)[0].tolist()
        spread = float(np.exp(np.clip(spread, -7, 3)))
        return float(np.expm1(10 * mean)), float(np.expm1(10 * (mean + Z90 * spread)))


def publish(region: attune.Region, learner: Learner, tools: Tools, called: set[int]) -> None:
    """Sends what the network says of tools."""
    for tool in called:
        median, p90 = learner.predict(tool)
        try:
            region.publish_prediction(
                "latency_us", tools.names[tool], round(median, 1), p90_us=round(p90, 1), model="torch"
            )
        except attune.QueueFull:
            return


def run(region: attune.Region, *, interval: float = 5.0, idle: float | None = None) -> Learner:
    """Learns until the region is closed, or nothing came for `idle` seconds."""
    learner = Learner()
    tools = Tools()
    called: set[int] = set()
    due = time.monotonic() + interval
    for batch in region.ring_buffer.observations(timeout=idle):
        calls = tools.calls(batch)
        if len(calls):
            learner.learn(calls)
            called.update(np.unique(calls["tool"]).tolist())
        if time.monotonic() >= due:
            publish(region, learner, tools, called)
            called.clear()
            due = time.monotonic() + interval
    publish(region, learner, tools, called)
    return learner


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--region", help="directory of a region in files; else the gateway is found by its config"
    )
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between predictions")
    arguments = parser.parse_args()
    with attune.Region.attach(arguments.region) as attached:
        run(attached, interval=arguments.interval)
