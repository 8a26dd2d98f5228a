"""Which agent to give a task to: bandits of Vowpal Wabbit and River, in the game of `attune evaluate bandit`.

In each round a task is drawn evenly, an agent is chosen among those with runs of it, and the reward is
whether a run drawn evenly succeeded. River's know the agents alone (one model), or have one for each service.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from river import bandit as arms_of
from river import proba
from vowpalwabbit import Workspace

from .figures import Figures, Stopwatch
from .files import Files, Row, outcomes


class Policy(Protocol):
    def choose(self, service: str, task: str, agents: list[str], draws: random.Random) -> int: ...
    def learn(self, reward: int) -> None: ...


class VowpalWabbit:
    """Actions with features of agent, service and task, and their pairs."""

    def __init__(self, options: str) -> None:
        self.model = Workspace(f"--quiet --cb_explore_adf {options} -b 18 -q sa -q ta")
        self.lines: list[str] = []
        self.chosen, self.share = 0, 1.0

    def choose(self, service: str, task: str, agents: list[str], draws: random.Random) -> int:
        clean = lambda name: name.replace(" ", "_").replace(":", "_")
        self.lines = [
            f"shared |s {clean(service)} |t {clean(task)}",
            *(f"|a {clean(agent)}" for agent in agents),
        ]
        shares: list[float] = self.model.predict(self.lines)
        self.chosen = draws.choices(range(len(agents)), shares)[0]
        self.share = shares[self.chosen]
        return self.chosen

    def learn(self, reward: int) -> None:
        lines = list(self.lines)
        lines[1 + self.chosen] = f"0:{-reward}:{self.share:.6f} {lines[1 + self.chosen]}"
        self.model.learn(lines)


class River:
    def __init__(self, make: Callable[[], Any], is_split: bool) -> None:
        self.models: dict[str, Any] = defaultdict(make)
        self.is_split = is_split
        self.model: Any = None
        self.agent = ""

    def choose(self, service: str, task: str, agents: list[str], draws: random.Random) -> int:
        self.model = self.models[service if self.is_split else ""]
        self.agent = self.model.pull(agents)
        return agents.index(self.agent)

    def learn(self, reward: int) -> None:
        self.model.update(self.agent, reward)


def thompson() -> Any:
    return arms_of.ThompsonSampling(reward_obj=proba.Beta(), seed=1)


METHODS: dict[str, Callable[[], Policy]] = {
    "Vowpal Wabbit squarecb": lambda: VowpalWabbit("--squarecb --gamma_scale 500"),
    "Vowpal Wabbit epsilon .05": lambda: VowpalWabbit("--epsilon 0.05"),
    "Vowpal Wabbit cover": lambda: VowpalWabbit("--cover 5 --nounif"),
    "River Thompson": lambda: River(thompson, False),
    "River Thompson, a service": lambda: River(thompson, True),
    "River UCB": lambda: River(lambda: arms_of.UCB(delta=1, seed=1), False),
}


def tasks(rows: list[Row]) -> list[tuple[str, str, dict[str, list[int]]]]:
    found: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["failed"] is not None:
            found[row["server"], row["tool"]][row["agent"]].append(int(not row["failed"]))
    return [(service, task, dict(runs)) for (service, task), runs in found.items()]


def play(
    policy: Policy,
    some: list[tuple[str, str, dict[str, list[int]]]],
    seed: int,
    rounds: int,
    watch: Stopwatch,
) -> int:
    draws, total = random.Random(seed), 0
    for _ in range(rounds):
        service, task, runs = draws.choice(some)
        agents = list(runs)
        place = watch.predict(lambda: policy.choose(service, task, agents, draws))
        reward = draws.choice(runs[agents[place]])
        total += reward
        watch.update(lambda: policy.learn(reward))
    return total


def run(files: Files) -> Iterator[Figures]:
    for dataset, rows in outcomes(files.data).items():
        some = tasks(rows)
        for name, make in METHODS.items():
            if files.wants(name):
                watch = Stopwatch()
                total = sum(play(make(), some, seed, files.rounds, watch) for seed in range(files.seeds))
                mean = {"n": files.rounds, "mean_reward": total / (files.rounds * files.seeds)}
                yield {"dataset": dataset, "method": name} | mean | watch.figures()
