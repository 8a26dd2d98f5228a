"""The package as others install it, and its style."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest

import attune

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, **environment: str) -> str:
    """Runs a program in the package's folder; its output."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment or None,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_builds_installs_and_is_imported(tmp_path: Path) -> None:
    pytest.importorskip("build", reason="build is not installed")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path)
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "attune/py.typed" in names
    assert not [name for name in names if name.startswith("tests")]
    venv.create(tmp_path / "fresh", with_pip=True)
    python = tmp_path / "fresh/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    # NumPy is this environment's; all else is the fresh one's.
    (tmp_path / "with-numpy").mkdir()
    (tmp_path / "with-numpy/numpy").symlink_to(Path(np.__file__).parent)
    libraries = Path(np.__file__).parent.with_name("numpy.libs")
    if libraries.exists():
        (tmp_path / "with-numpy/numpy.libs").symlink_to(libraries)
    told = run(
        python,
        "-c",
        "import attune; print(attune.__file__, attune.__version__, attune.RECORD.itemsize)",
        PYTHONPATH=str(tmp_path / "with-numpy"),
    )
    place, version, size = told.split()
    assert place.startswith(str(tmp_path / "fresh"))
    assert version == attune.__version__
    assert size == "128"


def test_the_version_is_the_same_everywhere() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert document["project"]["version"] == attune.__version__
    assert set(document["project"]["optional-dependencies"]) == {
        "sklearn",
        "torch",
        "statsmodels",
        "celery",
        "schemas",
        "libraries",
    }


def test_everything_that_is_exported_is_there() -> None:
    assert all(hasattr(attune, name) for name in attune.__all__)
    assert attune.__all__ == sorted(attune.__all__, key=lambda name: (not name.isupper(), name))


def test_the_types_are_strict() -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    assert "no issues found" in run(sys.executable, "-m", "mypy")


def test_the_style_is_ruffs() -> None:
    pytest.importorskip("ruff", reason="ruff is not installed")
    run(sys.executable, "-m", "ruff", "check", ".")
    run(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_the_benchmark_runs() -> None:
    told = run(sys.executable, "benchmarks/scan.py", "16384", "1")
    assert "delivered, one field summed" in told
