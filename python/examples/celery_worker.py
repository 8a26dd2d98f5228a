"""Spreads what is computed about tools over Celery workers.

    pip install 'attune[celery]'
    export CELERY_BROKER_URL=redis://127.0.0.1
    celery --app celery_worker worker            # in examples/, as many as are wanted
    python examples/celery_worker.py             # reads the observations and hands them out

One program reads the rings and sends each tool's latencies as a task; whichever worker takes the task
computes the tail and publishes it as `latency_p95_us`. A worker attaches at its first task, so that it is a
process of its own in the region also where Celery forks.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from functools import cache

import numpy as np
from celery import Celery
from tools import Tools

import attune

app = Celery(
    "attune-examples",
    broker=os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1"),
    broker_transport_options=(
        {
            "data_folder_in": os.environ["CELERY_DATA_FOLDER"],
            "data_folder_out": os.environ["CELERY_DATA_FOLDER"],
            "control_folder": os.environ["CELERY_DATA_FOLDER"],
        }
        if "CELERY_DATA_FOLDER" in os.environ
        else {}
    ),
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
)


@cache
def region() -> attune.Region:
    """This worker's region, attached when it is first needed."""
    return attune.Region.attach(os.environ.get("ATTUNE_REGION"))


@app.task(autoretry_for=(attune.QueueFull,), retry_backoff=True, max_retries=5, expires=60)
def tail(subject: str, durations_us: list[int]) -> None:
    """Publishes the 95th percentile of a tool's latencies."""
    value = float(np.percentile(durations_us, 95))
    region().publish_prediction("latency_p95_us", subject, round(value, 1), calls=len(durations_us))


def hand_out(attached: attune.Region, *, interval: float = 5.0, idle: float | None = None) -> int:
    """Sends the calls of each interval, a task a tool, at most 1,000 latencies in each; gives the number of
    tasks.
    """
    tools = Tools()
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    due = time.monotonic() + interval
    sent = 0

    def send() -> int:
        for tool, durations in waiting.items():
            tail.delay(tools.names[tool], durations)
        count = len(waiting)
        waiting.clear()
        return count

    for batch in attached.ring_buffer.observations(timeout=idle):
        for tool, duration in tools.calls(batch)[["tool", "duration_us"]].tolist():
            if len(waiting[tool]) < 1000:
                waiting[tool].append(duration)
        if time.monotonic() >= due:
            sent += send()
            due = time.monotonic() + interval
    return sent + send()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between tasks of one tool")
    with attune.Region.attach(os.environ.get("ATTUNE_REGION")) as own:
        hand_out(own, interval=parser.parse_args().interval)
