"""docs/protocol.md says what passes, and each test that it names is there."""

import re

import pytest

from harness.places import SUITE
from scenarios import FEATURES, SCENARIOS
from scenarios.scored import LEGACY, MODERN
from scenarios.table import DOCUMENT, table, waiting, written

NAMED = re.compile(r"`(test_\w+\.py)(?:::(\w+(?:::\w+)?))?`")


def test_the_table_is_what_the_scenarios_are() -> None:
    assert written() == table(), "run `python -m scenarios.table` in Tests/EndToEnd"


def test_every_feature_has_a_scenario_through_the_gateway() -> None:
    assert {item.feature for item in SCENARIOS.values()} == set(FEATURES)
    for feature in FEATURES:
        assert any(item.bridges() for item in SCENARIOS.values() if item.feature == feature)


@pytest.mark.parametrize(("era", "names", "count"), [("legacy", LEGACY, 30), ("modern", MODERN, 37)])
def test_every_scored_scenario_of_the_public_suite_is_shown(era: str, names: tuple, count: int) -> None:
    """For a client and a server of its era; none of them is pending."""
    assert len(set(names)) == count
    for name in names:
        shown = [item for item in SCENARIOS.values() if item.name.split(":")[0] == name]
        assert shown and all((era, era) in item.bridges() for item in shown), name
        assert not any(waiting(item.name, era, era) for item in shown), name


def test_every_test_that_the_document_names_exists() -> None:
    found = NAMED.findall(DOCUMENT.read_text())
    assert found
    for file, name in found:
        source = (SUITE / file).read_text()
        for part in filter(None, name.split("::")):
            assert re.search(rf"^\s*(async )?(def|class) {part}\b", source, re.MULTILINE), f"{file}::{name}"
