"""Sessions that were taken over: PyOD and scikit-learn over what is unusual of a session's calls.

Features of a session are the most unusual result (distance to the nearest earlier piece, `anomaly_result`),
the rarest step between two tools, the most unusual arguments, whether arguments repeat words that no earlier
result had, and its length. `PyOD` never sees a label; gradient boosting (scikit-learn) learns from the warm
sessions' labels, with the attacked ones among them, unless only clean ones are to be learned from.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest
from sklearn.ensemble import HistGradientBoostingClassifier

from .anomaly_result import fitted, is_clean, neighbours, scores
from .figures import Figures, Stopwatch, detection
from .files import Files, Row, Session, sessions

Extract = Callable[[list[Session]], list[list[float]]]


def is_taken_over(session: Session) -> bool:
    return any(row.get("attack_success") for row in session)


def words(text: object) -> set[str]:
    return set(re.findall(r"[\w@.-]{4,}", str(text).lower()))


def extractor(learned: list[Session], watch: Stopwatch) -> Extract:
    vectorizer, known = fitted(learned)
    distance = neighbours(known, watch)
    as_result: Callable[[Row], Row] = lambda row: {"result": f"{row['tool']} {row.get('args')}"}
    arguments, known_arguments = fitted([[as_result(row) for row in session] for session in learned])
    argument_distance = neighbours(known_arguments, watch)
    steps: Counter[tuple[str, str]] = Counter()
    starts: Counter[str] = Counter()
    seen: set[str] = set()
    for session in learned:
        for before, row in zip(["", *(row["tool"] for row in session)], session, strict=False):
            steps[before, row["tool"]] += 1
            starts[before] += 1
            seen |= words(row.get("result")) | words(row.get("args"))

    def extract(some: list[Session]) -> list[list[float]]:
        rows = [row for session in some for row in session]
        unusual = iter(scores(distance, vectorizer, rows, watch))
        odd = iter(scores(argument_distance, arguments, [as_result(row) for row in rows], watch))
        found = []
        for session in some:
            results, calls, rare, foreign, copied = [], [], [], set[str](), 0
            for before, row in zip(["", *(row["tool"] for row in session)], session, strict=False):
                results.append(next(unusual))
                calls.append(next(odd))
                rare.append(-math.log((steps[before, row["tool"]] + 0.1) / (starts[before] + 3)))
                copied += len((words(row.get("args")) - seen) & foreign)
                foreign |= words(row.get("result")) - seen
            found.append(
                [max(results), max(calls), max(rare), float(copied), float(len(foreign)), len(session)]
            )
        return found

    return extract


def run(files: Files) -> Iterator[Figures]:
    warm, scored = sessions(files.warm), sessions(files.data)
    for dataset, some in scored.items():
        clean = [session for session in warm.get(dataset, []) if is_clean(session)]
        if not clean:
            continue
        labels = [is_taken_over(session) for session in some]
        # What is usual comes from one half; how unusual the other half seems is what models are fitted to.
        random.Random(1).shuffle(clean)
        watch = Stopwatch()
        extract = extractor(clean[::2], watch)
        held = np.array(extract(some))
        usual = np.array(extract(clean[1::2]))
        for name, model in (("PyOD ECOD", ECOD()), ("PyOD isolation forest", IForest(random_state=1))):
            if files.wants(name):
                figures = detection(model.fit(usual).decision_function(held), labels)
                yield {"dataset": dataset, "method": name} | figures | watch.figures()
        if files.wants("copied words"):
            yield {"dataset": dataset, "method": "copied words"} | detection(held[:, 3].tolist(), labels)
        judged = [session for session in warm.get(dataset, []) if not is_clean(session)]
        if judged and files.wants("boosting, judged"):
            rows = np.concatenate([usual, np.array(extract(judged))])
            truth = [False] * len(usual) + [is_taken_over(session) for session in judged]
            boosting = HistGradientBoostingClassifier(max_iter=150).fit(rows, truth)
            figures = detection(boosting.predict_proba(held)[:, 1], labels)
            yield {"dataset": dataset, "method": "boosting, judged"} | figures | watch.figures()
