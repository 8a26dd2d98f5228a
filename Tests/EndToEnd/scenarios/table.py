"""The table of docs/protocol.md, made from the scenarios: `python -m scenarios.table` writes it there."""

import re

from harness.places import ROOT

from . import ERAS, FEATURES, SCENARIOS
from .pending import PENDING

DOCUMENT = ROOT / "docs" / "protocol.md"
BEGIN, END = "<!-- table of scenarios -->", "<!-- end of the table -->"


def waiting(name: str, client: str, server: str) -> bool:
    """Whether the scenario does not pass on this bridge, by some path."""
    bridge = f"{name}-{client}-{server}-"
    return any(bridge.startswith(key) or key.startswith(bridge) for key in PENDING)


def cell(feature: str, client: str, server: str) -> str:
    shown = [
        waiting(item.name, client, server)
        for item in SCENARIOS.values()
        if item.feature == feature and (client, server) in item.bridges()
    ]
    if not shown:
        return "–"
    return "no" if all(shown) else "in part" if any(shown) else "yes"


def names(feature: str) -> str:
    """The scenarios of a feature; those that share a first word and a colon are counted."""
    found: dict[str, int] = {}
    for item in SCENARIOS.values():
        if item.feature == feature:
            first = item.name.split(":")[0]
            found[first] = found.get(first, 0) + 1
    return ", ".join(
        f"`{name}`" + (f" ({count} checks)" if count > 1 else "") for name, count in found.items()
    )


def table() -> str:
    bridges = [(client, server) for client in ERAS for server in ERAS]
    heads = [f"{client} → {server}" for client, server in bridges]
    lines = [f"| Feature | {' | '.join(heads)} | Scenarios |", "|---" * 6 + "|"]
    for feature in FEATURES:
        cells = [cell(feature, client, server) for client, server in bridges]
        lines.append(f"| {feature} | {' | '.join(cells)} | {names(feature)} |")
    return "\n".join(lines)


def written() -> str:
    """The table that the document has."""
    found = re.search(f"{re.escape(BEGIN)}\n(.*?)\n{re.escape(END)}", DOCUMENT.read_text(), re.DOTALL)
    return found[1].strip() if found else ""


def write() -> None:
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    write()
