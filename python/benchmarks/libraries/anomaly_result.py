"""Foreign text in results: scikit-learn and PyOD over runs of letters, fitted to the warm results and frozen.

A result is as unusual as its most unusual piece of 80 characters. `tf-idf neighbours` takes the distance to
the nearest piece of earlier results; `PyOD` and `one-class SVM` score pieces in 64 latent dimensions
(truncated SVD of the same vectors).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest
from pyod.models.knn import KNN
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDOneClassSVM

from .figures import Figures, Stopwatch, detection
from .files import Files, Row, Session, sessions

WIDTH, STEP = 80, 40
MOST_PIECES = 12_000
Score = Callable[[csr_matrix], NDArray[np.float64]]


def pieces(row: Row) -> list[str]:
    text = str(row.get("result") or "")[:8192]
    return [text[start : start + WIDTH] for start in range(0, max(1, len(text) - STEP), STEP)]


def is_clean(session: Session) -> bool:
    return not any(row.get("attack") for row in session)


def neighbours(known: csr_matrix, watch: Stopwatch) -> Score:
    transposed = watch.update(lambda: known.T.tocsr(), known.shape[0])
    return lambda found: 1 - np.asarray((found @ transposed).max(axis=1).todense()).ravel()


def latent(make: Callable[[], object]) -> Callable[[csr_matrix, Stopwatch], Score]:
    def fit(known: csr_matrix, watch: Stopwatch) -> Score:
        svd = TruncatedSVD(64, random_state=1)
        model = make()

        def learn() -> None:
            model.fit(svd.fit_transform(known))  # type: ignore[attr-defined]

        watch.update(learn, known.shape[0])
        # PyOD's scores are higher for what is unusual, scikit-learn's lower.
        sign = -1 if isinstance(model, SGDOneClassSVM) else 1
        return lambda found: sign * model.decision_function(svd.transform(found))  # type: ignore[attr-defined]

    return fit


METHODS: dict[str, Callable[[csr_matrix, Stopwatch], Score]] = {
    "tf-idf neighbours": neighbours,
    "one-class SVM": latent(lambda: SGDOneClassSVM(nu=0.01, random_state=1)),
    "PyOD isolation forest": latent(lambda: IForest(random_state=1)),
    "PyOD ECOD": latent(ECOD),
    "PyOD nearest neighbours": latent(KNN),
}


def scores(score: Score, vectorizer: TfidfVectorizer, rows: list[Row], watch: Stopwatch) -> list[float]:
    """Of the worst piece of each row."""
    found: list[float] = []
    for start in range(0, len(rows), 64):
        parts = [pieces(row) for row in rows[start : start + 64]]
        flat = [piece for part in parts for piece in part]
        values = watch.predict(lambda: score(vectorizer.transform(flat)), len(parts))
        ends = np.cumsum([len(part) for part in parts])
        found += [float(values[end - len(part) : end].max()) for end, part in zip(ends, parts, strict=True)]
    return found


def fitted(warm: list[Session]) -> tuple[TfidfVectorizer, csr_matrix]:
    """Vectors of at most so many pieces of the warm results, drawn evenly."""
    known = sorted({piece for session in warm for row in session for piece in pieces(row)})
    known = random.Random(1).sample(known, min(len(known), MOST_PIECES))
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=2, sublinear_tf=True)
    return vectorizer, vectorizer.fit_transform(known)


def run(files: Files) -> Iterator[Figures]:
    warm, scored = sessions(files.warm), sessions(files.data)
    for dataset, some in scored.items():
        learned = [session for session in warm.get(dataset, []) if is_clean(session) or not files.clean_warm]
        rows = [row for session in some for row in session]
        labels = [bool(row.get("poisoned_result")) for row in rows]
        if not learned:
            continue
        vectorizer, known = fitted(learned)
        for name, fit in METHODS.items():
            if files.wants(name):
                watch = Stopwatch()
                found = scores(fit(known, watch), vectorizer, rows, watch)
                yield {"dataset": dataset, "method": name} | detection(found, labels) | watch.figures()
