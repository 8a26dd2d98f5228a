"""The failpoints of the program, as docs/faults.md lists them; a Swift test compares the two."""

import re
from dataclasses import dataclass

from .places import ROOT

ROW = re.compile(r"\| `([\w.]+)` \| ([^|]+) \| (store|history|gateway|learner|command) \| ([^|]+) \|")


@dataclass(frozen=True)
class Failpoint:
    name: str
    moment: str
    place: str
    can_fail: bool

    def __str__(self) -> str:
        return self.name


def failpoints(place: str) -> list[Failpoint]:
    """Those that are reached by one kind of program."""
    rows = ROW.findall((ROOT / "docs" / "faults.md").read_text())
    assert rows, "docs/faults.md has no table"
    return [
        Failpoint(name, moment, where, "error" in actions)
        for name, moment, where, actions in rows
        if where == place
    ]
