"""Forecasts how long each tool will take in the next interval, with statsmodels.

    pip install 'attune[statsmodels]'
    python examples/forecast_statsmodels.py [--region DIRECTORY] [--interval SECONDS]

The median latency of each interval is one point of a tool's series. Holt's method with a damped trend
(Gardner and McKenzie, Management Science 31(10), 1985) gives the next point, published as
`latency_forecast_us`.
"""

from __future__ import annotations

import argparse
import warnings
from collections import defaultdict, deque

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from tools import Tools

import attune

POINTS = 120
LEAST_POINTS = 8
TOOLS = 500


class Series:
    """The medians of a tool's past intervals, and the calls of the present one."""

    def __init__(self) -> None:
        self.points: deque[float] = deque(maxlen=POINTS)
        self.present: list[float] = []

    def close(self) -> None:
        """Ends the present interval; without a call it has no point."""
        if self.present:
            self.points.append(float(np.median(self.present)))
            self.present = []

    def forecast(self) -> float | None:
        """The next point; None as long as there are too few."""
        if len(self.points) < LEAST_POINTS:
            return None
        logarithms = np.log1p(np.array(self.points))
        with warnings.catch_warnings():
            # A series that does not vary has no best smoothing; the forecast is right all the same.
            warnings.simplefilter("ignore")
            fit = ExponentialSmoothing(logarithms, trend="add", damped_trend=True).fit()
        return float(np.expm1(fit.forecast(1)[0]))


class Forecaster:
    """One series a tool, for a bounded number of tools."""

    def __init__(self, interval_us: int) -> None:
        self.interval_us = interval_us
        self.series: defaultdict[int, Series] = defaultdict(Series)
        self.interval: int | None = None

    def learn(self, calls: np.ndarray) -> list[int]:
        """Takes records with numbers of tools, in order of time; gives the tools that have new points."""
        closed: list[int] = []
        for interval in np.unique(calls["time_us"] // self.interval_us):
            if self.interval is not None and interval > self.interval:
                closed = [tool for tool, series in self.series.items() if series.present]
                for series in self.series.values():
                    series.close()
            self.interval = int(interval) if self.interval is None else max(self.interval, int(interval))
            inside = calls[calls["time_us"] // self.interval_us == interval]
            for tool, duration in inside[["tool", "duration_us"]].tolist():
                if tool in self.series or len(self.series) < TOOLS:
                    self.series[tool].present.append(duration)
        return closed


def publish(region: attune.Region, forecaster: Forecaster, tools: Tools, closed: list[int]) -> None:
    """Sends the forecasts of tools."""
    for tool in closed:
        value = forecaster.series[tool].forecast()
        if value is None:
            continue
        try:
            region.publish_prediction(
                "latency_forecast_us",
                tools.names[tool],
                round(value, 1),
                horizon_s=forecaster.interval_us / 1e6,
                points=len(forecaster.series[tool].points),
            )
        except attune.QueueFull:
            return


def run(region: attune.Region, *, interval: float = 10.0, idle: float | None = None) -> Forecaster:
    """Forecasts until the region is closed, or nothing came for `idle` seconds."""
    forecaster = Forecaster(int(interval * 1e6))
    tools = Tools()
    for batch in region.ring_buffer.observations(timeout=idle):
        publish(region, forecaster, tools, forecaster.learn(tools.calls(batch)))
    return forecaster


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--region", help="directory of a region in files; else the gateway is found by its config"
    )
    parser.add_argument("--interval", type=float, default=10.0, help="seconds that make one point")
    arguments = parser.parse_args()
    with attune.Region.attach(arguments.region) as attached:
        run(attached, interval=arguments.interval)
