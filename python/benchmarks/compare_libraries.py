"""What Python's libraries reach on a task of `attune evaluate`, beside Attune in the same run.

usage: compare_libraries.py TASK --recorded FOLDER [--split N]
       compare_libraries.py TASK --data FILE ... [--warm FILE ...] [--sessions FILE ...] [--catalog FILE ...]

With `--recorded` it splits recorded traffic (`agentdojo.dev.jsonl.gz` and others)
into 70 % that are learned first and 30 % that are scored, by a hash of the session, task or question; else
the files are used as they are. Attune reads the same files. `predict_ns_p50` and `update_ns_p50` are medians
of one row, in the same run; a library that predicts many rows at once has their mean. The libraries are the
extra `libraries` of this package: pip install 'attune[libraries]'; what is not there is left out and named.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any

from libraries.files import RECORDED, Files, split

Figures = dict[str, Any]
#: Where each task's methods are: a module and its function.
TASKS = {
    "next-tool": ("next_tool", "run"),
    "failure": ("outcomes", "failure"),
    "latency": ("outcomes", "latency"),
    "cacheability": ("cacheability", "run"),
    "anomaly-result": ("anomaly_result", "run"),
    "anomaly-session": ("anomaly_session", "run"),
    "retrieve": ("retrieve", "run"),
    "cluster": ("cluster", "run"),
    "bandit": ("bandit", "run"),
    "series": ("series", "run"),
    "ab": ("ab", "run"),
}
PACKAGES = "scikit-learn river vowpalwabbit pyod rank-bm25 savvi torch sentence-transformers".split()
ATTUNE = pathlib.Path(__file__).resolve().parents[2] / ".build" / "release" / "attune"
#: Shown in this order where a method has them; others follow.
COLUMNS = (
    "dataset method n top1 top3 top5 bits auroc ap brier pinball95 coverage95 r1 r5 r10 ndcg10 ari nmi "
    "mean_reward nab_standard false_positive_rate n_per_arm predict_ns_p50 update_ns_p50"
).split()


def attune(binary: str, task: str, files: Files) -> Iterator[Figures]:
    command = [binary, "evaluate", task, *files.arguments(), "-o", "json"]
    if task == "bandit":
        command += ["--rounds", str(files.rounds)]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    for result in json.loads(run.stdout):
        if not files.datasets or result["dataset"] in files.datasets:
            yield {"method": "attune"} | {key: value for key, value in result.items() if key in COLUMNS}


def measure(task: str, files: Files, binary: str | None, tell: Callable[[Figures], None]) -> None:
    if binary:
        for figures in attune(binary, task, files):
            tell(figures)
    else:
        print("SKIPPED: attune, since there is no release build; --attune names one", file=sys.stderr)
    module, function = TASKS[task]
    try:
        methods = getattr(importlib.import_module(f"libraries.{module}"), function)
    except ImportError as error:
        print(f"SKIPPED: the libraries of {task} are not installed: {error}", file=sys.stderr)
        return
    for figures in methods(files):
        if not files.datasets or figures["dataset"] in files.datasets:
            tell(figures)


def table(found: list[Figures]) -> str:
    columns = [name for name in COLUMNS if any(name in row for row in found)]
    lines = [columns]
    for row in sorted(found, key=lambda row: row["dataset"]):
        values = [row.get(name) for name in columns]
        lines.append([f"{value:.4f}" if isinstance(value, float) else str(value or "-") for value in values])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def versions() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {name}")
    return f"Python {platform.python_version()}, {', '.join(found)}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--recorded", type=pathlib.Path, help="a folder of recorded traffic, which is split")
    parser.add_argument("--split", type=int, default=0, help="which split of it (0)")
    for flag in ("--data", "--warm", "--sessions", "--catalog"):
        parser.add_argument(flag, action="append", default=[], metavar="FILE")
    parser.add_argument("--frozen", action="store_true", help="learn nothing after the warm part")
    parser.add_argument("--clean-warm", action="store_true", help="warm only with sessions without attack")
    parser.add_argument("--dataset", action="append", default=[], help="only this data set; may repeat")
    parser.add_argument("--method", action="append", default=[], help="only this method; may repeat")
    parser.add_argument("--seeds", type=int, default=3, help="how often the libraries play bandit and ab (3)")
    parser.add_argument("--rounds", type=int, default=15_000, help="rounds of bandit (15,000)")
    parser.add_argument("--attune", default=str(ATTUNE) if ATTUNE.exists() else shutil.which("attune"))
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    found = parser.parse_args()
    if bool(found.data) == bool(found.recorded):
        parser.error("either --data or --recorded says what to measure on")
    if found.recorded and found.task not in RECORDED:
        parser.error(f"{found.task} has no recorded traffic")
    return found


def main() -> None:
    given = options()
    with tempfile.TemporaryDirectory() as folder:
        if given.recorded:
            files = split(given.task, given.recorded, given.split, pathlib.Path(folder))
        else:
            files = Files(
                given.data, given.warm, given.sessions, given.catalog, given.frozen, given.clean_warm
            )
        files = dataclasses.replace(
            files, datasets=given.dataset, methods=given.method, seeds=given.seeds, rounds=given.rounds
        )
        found: list[Figures] = []

        def tell(figures: Figures) -> None:
            found.append(figures)
            if given.output == "json":
                print(json.dumps({"task": given.task} | figures), flush=True)

        measure(given.task, files, given.attune, tell)
    if given.output == "table" and found:
        print(f"{given.task}; {versions()}\n{table(found)}")


if __name__ == "__main__":
    main()
