"""Exported calls: Parquet beside JSON lines, as other programs read them, and output that fails."""

import datetime
import io
import json
import os
import pathlib
import struct
import subprocess

import pytest

from harness.places import ROOT, binary, eventually
from harness.wire import ModernClient

parquet = pytest.importorskip("pyarrow.parquet")
duckdb = pytest.importorskip("duckdb")

FIXTURE = pathlib.Path(os.environ.get("ATTUNE_FIXTURES", ROOT / ".build" / "debug")) / "ParquetFixture"
TEXTS = ["plain", "Zürich 漢字 🙂", "", '"quotes" \\ and \n lines', "x" * 12000]


def told(value: object, kind: str) -> object:
    """A value as the fixture tells of it."""
    if value is None:
        return "-"
    match kind:
        case "boolean":
            return str(int(value))
        case "number":
            return f"{struct.unpack('>Q', struct.pack('>d', value))[0]:x}"
        case "text":
            return "x" + value.encode().hex()
        case _:
            return str(value)


@pytest.mark.parametrize("seed", range(1, 25))
def test_other_programs_read_what_was_written(seed, tmp_path) -> None:
    if not FIXTURE.exists():
        pytest.skip(f"{FIXTURE} is not built; run `make build`")
    count = [0, 1, 7, 300, 1000][seed % 5]
    fixture = subprocess.run([FIXTURE, str(seed), str(count)], capture_output=True, check=True, timeout=60)
    header, *lines = fixture.stderr.decode().splitlines()
    columns = [column.split(" ") for column in header.split(",")]
    expected = [line.split(",") for line in lines]
    table = parquet.read_table(io.BytesIO(fixture.stdout))
    table.validate(full=True)
    read = []
    for name, kind in columns:
        column = table.column(name)
        assert (
            str(column.type)
            == {
                "boolean": "bool",
                "integer": "int64",
                "number": "double",
                "text": "string",
                "time": "timestamp[us, tz=UTC]",
            }[kind]
        )
        values = (column.cast("int64") if kind == "time" else column).to_pylist()
        read.append([told(value, kind) for value in values])
    assert [list(row) for row in zip(*read, strict=True)] == expected, f"seed {seed}"
    file = tmp_path / "rows.parquet"
    file.write_bytes(fixture.stdout)
    shown = ", ".join(f"epoch_us({name})" if kind == "time" else name for name, kind in columns)
    rows = duckdb.sql(f"select {shown} from '{file}'").fetchall()
    assert [
        [told(value, kind) for value, (_, kind) in zip(row, columns, strict=True)] for row in rows
    ] == expected


def journal(workshop, count: int, **sections: dict):
    """A gateway that has journaled so many calls with their arguments."""
    servers = {"servers.s": workshop.steered("s", "--era", "modern")}
    gateway = workshop.gateway(servers | {"learning": {"capture": "full"}} | sections)
    client = ModernClient(gateway.port)
    for number in range(count):
        client.call("s__echo", {"n": number, "text": TEXTS[number % len(TEXTS)]})
    client.call("s__fail", {})
    eventually(lambda: len(lines(gateway)) == count + 1, 5, f"{count + 1} exported calls")
    return gateway


def lines(gateway, *arguments: str) -> list[dict]:
    output = gateway.command("export", "observations", *arguments).stdout
    return [json.loads(line) for line in output.splitlines()]


def test_a_parquet_file_has_what_the_lines_have_with_types(workshop) -> None:
    gateway = journal(workshop, 20)
    file = gateway.directory / "calls.parquet"
    said = gateway.command("export", "observations", "--format", "parquet", "--output", str(file))
    assert said.stdout == b"" and file.stat().st_mode & 0o777 == 0o600
    table = parquet.read_table(file)
    rows = lines(gateway)
    assert len(rows) == 21 and table.num_rows == 21
    read = [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
    for row in read:
        row["ts"] = row["ts"].astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert read == rows
    metadata = parquet.read_metadata(file)
    assert metadata.created_by.startswith("attune version ")
    assert str(table.schema.field("ts").type) == "timestamp[us, tz=UTC]"
    assert table.schema.field("is_error").type == "bool" and not table.schema.field("tool").nullable
    (failed,) = duckdb.sql(f"select tool from '{file}' where is_error").fetchall()
    assert failed == ("s__fail",)
    piped = gateway.command("export", "observations", "--format", "parquet").stdout
    assert parquet.read_table(io.BytesIO(piped)) == table
    (name,) = [path.name for path in gateway.directory.glob("calls.parquet*")]
    assert name == "calls.parquet"


def test_lines_go_to_a_file_too_and_nothing_is_a_whole_file(workshop) -> None:
    gateway = journal(workshop, 1)
    file = gateway.directory / "calls.jsonl"
    gateway.command("export", "observations", "--output", str(file))
    assert [json.loads(line) for line in file.read_text().splitlines()] == lines(gateway)
    empty = gateway.command("export", "observations", "--format", "parquet", "--to", "2020-01-01").stdout
    assert parquet.read_table(io.BytesIO(empty)).num_rows == 0
    usage = gateway.command("export", "observations", "--format", "xml", check=2)
    assert b"xml" in usage.stderr


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_a_full_disk_is_told_and_leaves_what_was_there(workshop, form) -> None:
    gateway = journal(workshop, 3)
    export = ("export", "observations", "--format", form, "--output")
    full = gateway.command(*export, "/dev/full", check=1)
    assert b"/dev/full was not written to its end: there is no space left" in full.stderr
    assert b"next: " in full.stderr
    missing = gateway.command(*export, str(gateway.directory / "none" / "calls"), check=1)
    assert b"cannot be made" in missing.stderr


def test_a_reader_that_goes_ends_lines_quietly_and_parquet_with_an_error(workshop) -> None:
    gateway = journal(workshop, 40)
    for form, code in (("json", 0), ("parquet", 1)):
        ours, theirs = os.pipe()
        os.close(ours)
        ended = subprocess.run(
            [binary(), "export", "observations", "--format", form, "--config", gateway.file],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=gateway.environment(),
            timeout=30,
        )
        os.close(theirs)
        assert ended.returncode == code, ended.stderr
        if code:
            assert b"the program that read it has ended" in ended.stderr
