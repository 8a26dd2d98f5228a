"""Configurations of the gateway, and the servers that tests put into them."""

import json
import pathlib
import sys

from .places import SUITE, program


def toml(value: object) -> str:
    """A value as TOML on one line; JSON's strings, numbers and booleans are TOML's too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def document(sections: dict[str, dict | list]) -> str:
    """Sections by their dotted names (`servers.git`) as a TOML document; a list is an array of tables."""
    parts = []
    for name, keys in sections.items():
        for table in keys if isinstance(keys, list) else [keys]:
            parts.append(f"[[{name}]]" if isinstance(keys, list) else f"[{name}]")
            parts += [f"{key} = {toml(value)}" for key, value in table.items()]
            parts.append("")
    return "\n".join(parts)


def steered(name: str, directory: pathlib.Path, *flags: object, **keys: object) -> dict:
    """A steered stdio server; what it received is in `directory/NAME.jsonl`."""
    arguments = [
        str(SUITE / "servers" / "stdio_server.py"),
        "--name",
        name,
        "--record",
        str(directory / f"{name}.jsonl"),
        *map(str, flags),
    ]
    return {"command": sys.executable, "args": arguments} | keys


def real(name: str, environment: str, *arguments: object, **keys: object) -> dict:
    """A server from PyPI over stdio."""
    return {
        "command": program(environment, f"mcp-server-{name}"),
        "args": [str(item) for item in arguments],
    } | keys
