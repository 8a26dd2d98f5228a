"""Where the gateway is, as its configuration file and the environment say."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from attune.errors import ConfigurationInvalid

_REFERENCE: Final = re.compile(r"\$\$\{|\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class GatewayPlaces:
    """The sockets and certificates of a gateway."""

    control: Path
    descriptors: Path
    certificates: Path


def find(config: str | os.PathLike[str] | None, environment: Mapping[str, str]) -> GatewayPlaces:
    """The places that a configuration file names: `config`, else `$ATTUNE_CONFIG`, `./attune.toml`, or the
    user's.

    :raises ConfigurationInvalid: if the file cannot be read or is no TOML.
    """
    path = _path(config, environment)
    document = {} if path is None else _document(path)
    store = _text(document, "persistence", "rocksdb_path", path, environment)
    base = _absolute(environment, "XDG_DATA_HOME")
    if base is None and (home := _absolute(environment, "HOME")) is not None:
        base = home / ".local/share"
    directory = Path(store) if store else (base / "attune" if base else Path("/var/lib/attune"))
    runtime = _absolute(environment, "XDG_RUNTIME_DIR")
    sockets = runtime / "attune" if runtime else directory / "run"
    named = _text(document, "learning", "socket", path, environment)
    control = Path(named) if named else sockets / "attach.sock"
    return GatewayPlaces(control, control.with_name("descriptors.sock"), directory / "tls")


def _absolute(environment: Mapping[str, str], name: str) -> Path | None:
    """A directory that a variable names; relative ones are ignored, as the XDG specification asks."""
    value = environment.get(name, "")
    return Path(value) if value.startswith("/") else None


def _path(config: str | os.PathLike[str] | None, environment: Mapping[str, str]) -> Path | None:
    if config is not None:
        return Path(config)
    if named := environment.get("ATTUNE_CONFIG"):
        return Path(named)
    home = _absolute(environment, "XDG_CONFIG_HOME")
    if home is None and (user := _absolute(environment, "HOME")) is not None:
        home = user / ".config"
    places = [Path("attune.toml")] + ([home / "attune/attune.toml"] if home else [])
    return next((place for place in places if place.is_file()), None)


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationInvalid(str(path), error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationInvalid(str(path), str(error)) from error


def _text(
    document: Mapping[str, Any], section: str, key: str, path: Path | None, environment: Mapping[str, str]
) -> str | None:
    table = document.get(section, {})
    value = table.get(key) if isinstance(table, dict) else None
    if value is None:
        return None
    if not isinstance(value, str):
        raise ConfigurationInvalid(str(path), f"`{section}.{key}` must be a string")

    def filled(reference: re.Match[str]) -> str:
        name, default = reference.group(1), reference.group(2)
        if name is None:
            return "${"
        found = environment.get(name)
        if found is None or (default is not None and not found):
            if default is None:
                raise ConfigurationInvalid(
                    str(path), f"`{section}.{key}` refers to ${name}, which is not set"
                )
            return default
        return found

    return _REFERENCE.sub(filled, value)
