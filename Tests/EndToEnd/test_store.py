"""`attune store`: what is told where a store can't be had."""

import subprocess

import pytest

from harness.configuration import document
from harness.places import binary

COMMANDS = [("stats",), ("verify",), ("compact",), ("export",), ("checkpoint", "copy")]


def run(tmp_path, *arguments: str) -> subprocess.CompletedProcess:
    file = tmp_path / "attune.toml"
    file.write_text(document({"persistence": {"rocksdb_path": str(tmp_path / "data")}}))
    return subprocess.run(
        [binary(), "store", *arguments, "--config", str(file)],
        capture_output=True,
        cwd=tmp_path,
        timeout=30,
        input=b"",
    )


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path, arguments) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 1 and done.stdout == b""
    assert str(tmp_path / "data" / "core").encode() in done.stderr and b"next: " in done.stderr
    assert not (tmp_path / "data").exists() and not (tmp_path / "copy").exists()


@pytest.mark.parametrize("arguments", COMMANDS)
def test_files_of_something_else_are_refused_and_left_alone(tmp_path, arguments) -> None:
    core = tmp_path / "data" / "core"
    core.mkdir(parents=True)
    (core / "letter.txt").write_text("dear reader")
    done = run(tmp_path, *arguments)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and b"it holds files that Attune didn't write" in said, said
    assert [file.name for file in core.iterdir()] == ["letter.txt"]


def test_a_wrong_command_line_is_wrong_usage(tmp_path) -> None:
    for arguments in (("stats", "--store", "cellar"), ("checkpoint",), ("defragment",)):
        assert run(tmp_path, *arguments).returncode == 2, arguments
