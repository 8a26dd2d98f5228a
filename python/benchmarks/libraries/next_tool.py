"""The next tool: counts and scikit-learn's logistic regression, fitted to the warm calls and then frozen.

How often each tool followed the latest one (`bigram`), interpolated absolute discounting over the latest four
tools (`kneser-ney`), and logistic regression over tools, arguments and words of the latest result
(`logistic`). Candidates are the tools that the session's server has over all files, as attune has them.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from .figures import Figures, Stopwatch
from .files import Files, Row, Session, rows, sessions

Shares = dict[str, float]
Predictor = Callable[[Session, list[str]], Shares]

ORDER = 4
DISCOUNT = 0.75
RESULT_WORDS = 60
SMOOTHING = 0.005


def tool(row: Row) -> str:
    return f"{row.get('server', '')}\t{row['tool']}"


def history(calls: Session) -> list[str]:
    return ["<start>"] + [tool(call) for call in calls]


def bigram(warm: list[Session]) -> Predictor:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for calls in warm:
        for index, call in enumerate(calls):
            counts[history(calls[:index])[-1]][tool(call)] += 1

    def predict(calls: Session, candidates: list[str]) -> Shares:
        seen = counts[history(calls)[-1]]
        total = sum(seen[name] for name in candidates) + 0.5 * len(candidates)
        return {name: (seen[name] + 0.5) / total for name in candidates}

    return predict


def kneser_ney(warm: list[Session]) -> Predictor:
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)

    def contexts(calls: Session) -> list[tuple[str, ...]]:
        past = history(calls)
        return [tuple(past[len(past) - length :]) for length in range(min(ORDER, len(past)) + 1)]

    for calls in warm:
        for index, call in enumerate(calls):
            for context in contexts(calls[:index]):
                counts[context][tool(call)] += 1

    def predict(calls: Session, candidates: list[str]) -> Shares:
        shares = dict.fromkeys(candidates, 1 / len(candidates))
        for context in contexts(calls):
            seen = {name: count for name in candidates if (count := counts[context][name])}
            if not (total := sum(seen.values())):
                continue
            kept = DISCOUNT * len(seen) / total
            shares = {
                name: max(0.0, seen.get(name, 0) - DISCOUNT) / total + kept * share
                for name, share in shares.items()
            }
        return shares

    return predict


def features(calls: Session) -> dict[str, float]:
    past = ["<start>", "<start>", *history(calls)]
    found = {f"{length} {past[-length:]}": 1.0 for length in (1, 2, 3)} | {f"n {min(len(calls), 10)}": 1.0}
    found |= {f"seen {name}": 1.0 for name in past}
    if calls:
        last = calls[-1]
        arguments, result = str(last.get("args") or ""), str(last.get("result") or "")
        found[f"args {arguments}"] = 1.0
        found |= {f"arg {word}": 0.5 for word in re.findall(r"\w{2,}", arguments.lower())}
        words = list(dict.fromkeys(re.findall(r"\w{2,}", result.lower()[:600])))
        found |= {f"result {word}": 0.3 for word in words[:RESULT_WORDS]}
    return found


def logistic(warm: list[Session]) -> Predictor:
    pairs = [(features(calls[:index]), tool(call)) for calls in warm for index, call in enumerate(calls)]
    vectorizer = DictVectorizer().fit(found for found, _ in pairs)
    model = LogisticRegression(C=1, max_iter=300)
    model.fit(vectorizer.transform([found for found, _ in pairs]), [name for _, name in pairs])
    places = {name: place for place, name in enumerate(model.classes_)}

    def predict(calls: Session, candidates: list[str]) -> Shares:
        found = model.predict_proba(vectorizer.transform([features(calls)]))[0]
        raw = {name: float(found[places[name]]) if name in places else 0.0 for name in candidates}
        total = sum(raw.values()) or 1.0
        even = SMOOTHING / len(candidates)
        return {name: (1 - SMOOTHING) * share / total + even for name, share in raw.items()}

    return predict


METHODS = {"bigram": bigram, "kneser-ney": kneser_ney, "logistic": logistic}


def score(
    predict: Predictor, scored: list[Session], listed: Callable[[Session], list[str]], watch: Stopwatch
) -> Figures:
    hits: Counter[int] = Counter()
    total, bits = 0, 0.0
    for calls in scored:
        candidates = listed(calls)
        for index, call in enumerate(calls):
            shares = watch.predict(lambda: predict(calls[:index], candidates))
            rank = sorted(candidates, key=lambda name: -shares[name]).index(tool(call))
            hits.update(most for most in (1, 3, 5) if rank < most)
            bits -= math.log2(max(shares[tool(call)], 1e-9))
            total += 1
    return {"n": total} | {f"top{most}": hits[most] / total for most in (1, 3, 5)} | {"bits": bits / total}


def run(files: Files) -> Iterator[Figures]:
    domains = {row["session_id"]: row["server"] for row in rows(files.sessions) if "session_id" in row}
    warm, scored = sessions(files.warm), sessions(files.data)
    for dataset, some in scored.items():
        learned = warm.get(dataset, [])
        if not learned or (files.datasets and dataset not in files.datasets):
            continue
        tools: dict[str, set[str]] = defaultdict(set)
        for calls in learned + some:
            for call in calls:
                tools[str(domains.get(call["session_id"]) or call.get("server", ""))].add(tool(call))

        def listed(calls: Session, tools: dict[str, set[str]] = tools) -> list[str]:
            servers = {str(domains.get(call["session_id"]) or call.get("server", "")) for call in calls}
            return sorted(set().union(*(tools[server] for server in servers)))

        for name, make in METHODS.items():
            if files.wants(name):
                watch = Stopwatch()
                predict = watch.update(lambda: make(learned), sum(len(calls) for calls in learned))
                figures = score(predict, some, listed, watch)
                yield {"dataset": dataset, "method": name} | figures | watch.figures()
