"""Which tools a question asks for: rank_bm25, TF-IDF, both with past questions, and MiniLM if installed."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from sklearn.feature_extraction.text import TfidfVectorizer

from .figures import Figures, Stopwatch, retrieval
from .files import Files, Row, order, rows

Rank = Callable[[str], NDArray[np.float64]]
NEIGHBOURS, NEIGHBOUR_WEIGHT = 10, 0.8


def tokens(text: str) -> list[str]:
    parts = re.findall(r"[a-z]+|[0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())
    return [part[:-1] if part.endswith("s") and len(part) > 3 else part for part in parts]


def text(tool: Row) -> str:
    parameters = " ".join(f"{name} {said}" for name, said in (tool.get("params") or {}).items())
    return (
        f"{tool['name']} {tool['name']} {tool.get('server', '')} {tool.get('description', '')} {parameters}"
    )


def bm25(documents: list[str], watch: Stopwatch) -> Rank:
    index = watch.update(lambda: BM25Okapi([tokens(document) for document in documents]), len(documents))
    return lambda query: np.asarray(index.get_scores(tokens(query)))


def tf_idf(documents: list[str], watch: Stopwatch) -> Rank:
    vectorizers = [
        TfidfVectorizer(tokenizer=tokens, token_pattern=None, lowercase=False, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
    ]
    known = watch.update(lambda: [one.fit_transform(documents) for one in vectorizers], len(documents))

    def rank(query: str) -> NDArray[np.float64]:
        parts = [
            (some @ one.transform([query]).T).toarray() for one, some in zip(vectorizers, known, strict=True)
        ]
        return np.asarray(sum(parts)).ravel()

    return rank


def with_log(rank: Rank, tools: dict[str, int], past: list[Row]) -> Rank:
    """Adds what the nearest past questions led to; timed without the ranking below it, which is kept."""
    vectorizer = TfidfVectorizer(tokenizer=tokens, token_pattern=None, lowercase=False, sublinear_tf=True)
    known = vectorizer.fit_transform([row["query"] for row in past])
    golds = [[tools[name] for some in row["gold"] for name in some if name in tools] for row in past]

    def ranked(query: str) -> NDArray[np.float64]:
        found = rank(query)
        found = found / (found.max() or 1)
        near = (known @ vectorizer.transform([query]).T).toarray().ravel()
        for place in np.argsort(-near)[:NEIGHBOURS]:
            found[golds[place]] += NEIGHBOUR_WEIGHT * near[place]
        return found

    return ranked


def encoder(documents: list[str], watch: Stopwatch) -> Rank:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer("all-MiniLM-L6-v2")
    known = watch.update(lambda: model.encode(documents, normalize_embeddings=True), len(documents))
    return lambda query: np.asarray(known @ model.encode([query], normalize_embeddings=True)[0])


def run(files: Files) -> Iterator[Figures]:
    catalog = list(rows(files.catalog))
    ids = [tool.get("id", f"{tool.get('server', '')}/{tool['name']}") for tool in catalog]
    places = {name: place for place, name in enumerate(ids)}
    documents = [text(tool) for tool in catalog]
    parts: list[dict[str, list[Row]]] = []
    for paths in (files.warm, files.data):
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows(paths):
            if any(name in places for some in row.get("gold", []) for name in some):
                found[row.get("set", "traffic")].append(row)
        parts.append({name: sorted(some, key=lambda row: order(row["qid"])) for name, some in found.items()})
    for method, make in (("rank_bm25", bm25), ("tf-idf", tf_idf), ("MiniLM", encoder)):
        if not files.wants(method) and not files.wants(f"{method}, log"):
            continue
        watch = Stopwatch()
        try:
            rank = functools.cache(make(documents, watch))
        except (ImportError, OSError) as error:
            print(f"SKIPPED: {method} is not to be had here: {error}", flush=True)
            continue
        for dataset, scored in parts[1].items():
            past = parts[0].get(dataset, [])
            ways: list[tuple[str, Rank]] = [(method, rank)]
            if past:
                ways.append((f"{method}, log", with_log(rank, places, past)))
            for name, some in ways:
                watch.predicted = []
                ranked = []
                for row in scored:
                    values = watch.predict(lambda: some(row["query"]))
                    ranked.append([ids[place] for place in np.argsort(-values, kind="stable")[:20]])
                golds = [[names for names in row["gold"]] for row in scored]
                yield {"dataset": dataset, "method": name} | retrieval(ranked, golds) | watch.figures()
