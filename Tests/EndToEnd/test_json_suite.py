"""Documents of JSONTestSuite as bodies: what is no JSON is refused, and what is JSON but no message too."""

import pytest

from harness.places import SHARED
from harness.wire import LegacyClient


@pytest.fixture(scope="module")
def gateway(module_workshop):
    return module_workshop.gateway({"servers.any": module_workshop.steered("any")})


@pytest.mark.shared
def test_every_invalid_document_of_the_json_test_suite_is_refused(gateway) -> None:
    client = LegacyClient(gateway.port).initialize()
    files = sorted((SHARED / "json-test-suite" / "test_parsing").glob("n_*.json"))
    assert len(files) == 188
    for file in files:
        answer = client.post(file.read_bytes())
        allowed = (400, 413, 422) if "nested" in file.name or "open" in file.name else (400,)
        assert answer.status in allowed, f"{file.name}: {answer.status} {answer.body[:200]!r}"
        if answer.status == 400:
            assert (answer.error["code"], answer.message["id"]) == (-32700, None), file.name


@pytest.mark.shared
def test_every_valid_document_of_the_json_test_suite_is_json_but_no_message(gateway) -> None:
    client = LegacyClient(gateway.port).initialize()
    files = sorted((SHARED / "json-test-suite" / "test_parsing").glob("y_*.json"))
    assert len(files) == 95
    for file in files:
        answer = client.post(file.read_bytes())
        assert answer.status == 400 and answer.error["code"] == -32600, f"{file.name}: {answer.body[:200]!r}"
