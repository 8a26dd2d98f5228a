"""Whether a call gives again what it gave another session: River, Vowpal Wabbit and scikit-learn on counts.

Features are the smoothed shares of unchanged results of the tool and of the very call so far, how many calls
of its server came in between and how many of these were of tools that change things more often than not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from river import linear_model, optim
from sklearn.ensemble import HistGradientBoostingClassifier

from .figures import Figures, Stopwatch, detection
from .files import Files, Row, Session, sessions
from .outcomes import Boosting, Features, Learner, River, Shares, VowpalWabbit


class CallShare:
    """The share of unchanged results of the very call so far, drawn to its tool's."""

    def predict(self, names: dict[str, str], shares: Features) -> float:
        return shares["share call"]

    def learn(self, names: dict[str, str], shares: Features, target: float) -> None:
        pass


METHODS: dict[str, Callable[[], Learner]] = {
    "call's share": CallShare,
    "River logistic": lambda: River(linear_model.LogisticRegression(optim.AdaGrad(0.1), l2=1e-6), True),
    "Vowpal Wabbit": lambda: VowpalWabbit("--loss_function logistic --link logistic", True),
    "scikit-learn boosting": lambda: Boosting(lambda: HistGradientBoostingClassifier(max_iter=80), True),
}


class Calls:
    """What is known of earlier calls, and the features of a next one."""

    def __init__(self) -> None:
        self.shares = Shares()
        self.latest: dict[str, tuple[str, str, int, Counter[str]]] = {}
        self.called: Counter[str] = Counter()
        self.tools: dict[str, Counter[str]] = defaultdict(Counter)

    @staticmethod
    def names(row: Row) -> dict[str, str]:
        tool = f"{row.get('server', '')} {row['tool']}"
        return {
            "server": row.get("server", ""),
            "tool": tool,
            "call": f"{tool} {row.get('args_sha') or row['args']}",
        }

    def features(self, names: dict[str, str]) -> Features:
        found = self.shares.features(names)
        _, _, at, before = self.latest[names["call"]]
        between = self.tools[names["server"]] - before
        found["between"] = min(50, self.called[names["server"]] - at)
        return found | {f"since {tool}": 1.0 for tool in between}

    def insert(self, names: dict[str, str], session: str, result: str) -> None:
        server = names["server"]
        self.called[server] += 1
        self.tools[server][names["tool"]] += 1
        self.latest[names["call"]] = (session, result, self.called[server], Counter(self.tools[server]))


def dense(features: Features) -> Features:
    return {name: value for name, value in features.items() if not name.startswith("since")}


def replay(warm: list[Session], scored: list[Session], learner: Learner) -> Figures:
    calls, watch = Calls(), Stopwatch()
    predicted: list[float] = []
    truth: list[bool] = []
    for place, session in enumerate(warm + scored):
        for row in session:
            names = calls.names(row)
            result = str(row.get("result_sha") or row.get("result"))
            if (latest := calls.latest.get(names["call"])) is not None:
                features = calls.features(names)
                features = dense(features) if isinstance(learner, Boosting) else features
                is_same = latest[1] == result
                if place >= len(warm) and latest[0] != row["session_id"]:
                    predicted.append(watch.predict(lambda: learner.predict(names, features)))
                    truth.append(is_same)
                watch.update(lambda: learner.learn(names, features, float(is_same)))
                calls.shares.insert(names, float(is_same))
            calls.insert(names, row["session_id"], result)
    if isinstance(learner, Boosting):
        watch.updated = [sum(watch.updated) / max(1, len(watch.updated))]
    return detection(predicted, truth, is_probability=True) | watch.figures()


def run(files: Files) -> Iterator[Figures]:
    warm, scored = sessions(files.warm), sessions(files.data)
    for dataset, some in scored.items():
        for name, make in METHODS.items():
            if files.wants(name):
                yield {"dataset": dataset, "method": name} | replay(warm.get(dataset, []), some, make())
