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


#: Of `[core] listen`, unless the file says otherwise.
_PORT: Final = 7420


@dataclass(frozen=True, slots=True)
class GatewayPlaces:
    """Where a gateway is attached to: its control socket and certificates, or the files of its region."""

    control: Path
    certificates: Path
    #: The directory of the segments, where the gateway and its learner find each other by path; else None.
    region: Path | None = None


def find(config: str | os.PathLike[str] | None, environment: Mapping[str, str]) -> GatewayPlaces:
    """The places that a configuration file names: `config`, else `$ATTUNE_CONFIG`, `./attune.toml`, or the
    user's.

    :raises ConfigurationInvalid: if the file cannot be read or is no TOML.
    """
    path = _path(config, environment)
    document = {} if path is None else _document(path)
    read = _Reader(document, path, environment)
    store = _store(read, environment)
    sockets = _sockets(store, f"attach-{_port(read)}.sock", environment)
    named = read.text("learning", "socket")
    control = Path(named) if named else sockets / f"attach-{_port(read)}.sock"
    external = read.text("learning", "mode") == "external"
    return GatewayPlaces(control, store / "tls", control.parent / "region" if external else None)


class _Reader:
    """The strings of a configuration, with their references to variables filled in."""

    def __init__(
        self, document: Mapping[str, Any], path: Path | None, environment: Mapping[str, str]
    ) -> None:
        self.path = path
        self._document = document
        self._environment = environment

    def text(self, section: str, key: str) -> str | None:
        table = self._document.get(section, {})
        value = table.get(key) if isinstance(table, dict) else None
        if value is None:
            return None
        name = f"`{section}.{key}`"
        if not isinstance(value, str):
            raise ConfigurationInvalid(str(self.path), f"{name} must be a string")
        return _REFERENCE.sub(lambda reference: self._filled(reference, name), value)

    def _filled(self, reference: re.Match[str], key: str) -> str:
        name, default = reference.group(1), reference.group(2)
        if name is None:
            return "${"
        found = self._environment.get(name)
        if found is not None and (found or default is None):
            return found
        if default is None:
            raise ConfigurationInvalid(str(self.path), f"{key} refers to ${name}, which is not set")
        return str(default)


def _store(read: _Reader, environment: Mapping[str, str]) -> Path:
    """`[persistence] rocksdb_path`; a relative one is meant from where the gateway was started: here, it
    seems, or beside the file."""
    named = read.text("persistence", "rocksdb_path")
    if named:
        beside = read.path.parent / named if read.path else Path(named)
        return beside if not (Path(named) / "tls").exists() and (beside / "tls").exists() else Path(named)
    base = _absolute(environment, "XDG_DATA_HOME")
    if base is None and (home := _absolute(environment, "HOME")) is not None:
        base = home / ".local/share"
    return base / "attune" if base else Path("/var/lib/attune")


def _sockets(store: Path, name: str, environment: Mapping[str, str]) -> Path:
    """The gateway's runtime directory; it may have been started without the variable that is set here."""
    runtime = _absolute(environment, "XDG_RUNTIME_DIR")
    if runtime is None:
        return store / "run"
    usual = runtime / "attune"
    return store / "run" if not (usual / name).exists() and (store / "run" / name).exists() else usual


def _port(read: _Reader) -> int:
    listen = read.text("core", "listen") or f":{_PORT}"
    try:
        return int(listen.rpartition(":")[2])
    except ValueError:
        raise ConfigurationInvalid(str(read.path), "`core.listen` has no port") from None


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
