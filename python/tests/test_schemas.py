"""The schemas: what Swift wrote is read, what is written here Swift reads, the code is that of the schemas.

`Tests/Persistence/Golden/schemas.json` has messages as JSON and as the bytes that both languages
have to write of them; the gateway's own tests compare the same.
"""

from __future__ import annotations

import filecmp
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("google.protobuf", reason="protobuf is not installed")

from google.protobuf import json_format  # noqa: E402

from attune import schemas  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Sources/Persistence/Schemas"
CODE = ROOT / "python/src/attune/schemas"
VECTORS = json.loads((ROOT / "Tests/Persistence/Golden/schemas.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["title"]))
def test_bytes_are_read_and_written_as_swift_does(vector: dict[str, Any]) -> None:
    kind = getattr(schemas, vector["message"])
    data = bytes.fromhex(vector["bytes"])
    read = kind.FromString(data)
    assert read == json_format.ParseDict(vector["json"], kind())
    assert read.SerializeToString(deterministic=True) == data


def test_what_a_later_version_wrote_is_kept() -> None:
    # Field 1000, which no schema has, behind a known one.
    data = bytes.fromhex("0a016dc23e026869")
    model = schemas.LearningModel.FromString(data)
    assert model.model_id == "m"
    assert model.SerializeToString() == data


def test_the_code_is_that_of_the_schemas(tmp_path: Path) -> None:
    if shutil.which("protoc") is None:
        pytest.skip("protoc is not installed (protobuf-compiler)")
    version = subprocess.run(["protoc", "--version"], capture_output=True, text=True, check=True).stdout
    if version.strip() != "libprotoc 3.21.12":
        pytest.skip(f"the code was written by libprotoc 3.21.12, here is {version.strip()}")
    subprocess.run([SCHEMAS / "generate.sh", "python", tmp_path], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in CODE.glob("*_pb2.py*"))
    same, different, missing = filecmp.cmpfiles(tmp_path, CODE, made, shallow=False)
    assert different == [] and missing == [], "run Sources/Persistence/Schemas/generate.sh"
    assert len(same) == len(made) == 2 * len(list((SCHEMAS / "attune").glob("*.proto")))
