"""Which sessions belong together: scikit-learn in batch and in small batches, and River online.

A session is the names of its tools, as runs of letters; all but DBSTREAM are told how many groups there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from river import cluster as online
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from .figures import Figures, Stopwatch
from .files import Files, rows, sessions

BATCH = 100
DIMENSIONS = 24


def agreement(labels: Sequence[str], groups: Sequence[int]) -> Figures:
    return {
        "n": len(labels),
        "ari": float(adjusted_rand_score(labels, groups)),
        "nmi": float(normalized_mutual_info_score(labels, groups)),
    }


def batch(texts: list[str], count: int, watch: Stopwatch) -> list[int]:
    def learn() -> list[int]:
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit_transform(
            texts
        )
        latent = normalize(TruncatedSVD(100, random_state=1).fit_transform(vectors))
        return list(KMeans(count, n_init=4, random_state=1).fit_predict(latent))

    return watch.update(learn, len(texts))


def hashed(texts: list[str]) -> HashingVectorizer:
    return HashingVectorizer(n_features=2**12, analyzer="char_wb", ngram_range=(4, 4), alternate_sign=False)


def small_batches(texts: list[str], count: int, watch: Stopwatch) -> list[int]:
    """A row's group is the one that the model has for it when it comes."""
    vectorizer, model = hashed(texts), MiniBatchKMeans(count, random_state=1, n_init=1)
    groups: list[int] = []
    for start in range(0, len(texts), BATCH):
        some = vectorizer.transform(texts[start : start + BATCH])
        watch.update(lambda: model.partial_fit(some), some.shape[0])
        groups += list(watch.predict(lambda: model.predict(some), some.shape[0]))
    return groups


def stream(texts: list[str], count: int, watch: Stopwatch) -> list[int]:
    """River's DBSTREAM over a random projection to few dimensions; groups are those of the end."""
    projection = np.random.default_rng(1).normal(size=(2**12, DIMENSIONS))
    vectors = normalize(hashed(texts).transform(texts) @ projection)
    model = online.DBSTREAM(clustering_threshold=0.45, fading_factor=1e-6, cleanup_interval=10**6)
    found = [dict(enumerate(map(float, vector))) for vector in vectors]
    for one in found:
        watch.update(lambda: model.learn_one(one))
    return [int(watch.predict(lambda: model.predict_one(one))) for one in found]


METHODS = {
    "scikit-learn, batch": batch,
    "scikit-learn, small batches": small_batches,
    "River DBSTREAM": stream,
}


def run(files: Files) -> Iterator[Figures]:
    domains = {row["session_id"]: row["server"] for row in rows(files.sessions) if "session_id" in row}
    for dataset, some in sessions(files.data).items():
        labels = [
            domains.get(session[0]["session_id"], session[0].get("server", "").split(".")[0])
            for session in some
        ]
        texts = [" ".join(row["tool"] for row in session) for session in some]
        for name, group in METHODS.items():
            if files.wants(name):
                watch = Stopwatch()
                groups = group(texts, len(set(labels)), watch)
                yield {"dataset": dataset, "method": name} | agreement(labels, groups) | watch.figures()
