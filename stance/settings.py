"""Configurations: one YAML file, parsed into a validated model."""

from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from stance.errors import ConfigError

__all__ = ["Paths", "Strict", "faults_of", "load_config"]


class Strict(BaseModel):
    """Base of every configuration: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | Path) else value


Paths = Annotated[tuple[Path, ...], BeforeValidator(_several)]
"""One path, or several: a bare path is a tuple of one."""

_Config = TypeVar("_Config", bound=BaseModel)


def load_config(path: Path, model: type[_Config]) -> _Config:
    """Read a YAML file into a validated model.

    Raises:
        ConfigError: the file is missing, not YAML, or has a wrong, unknown or missing key;
            the message gives the key's path.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"{path}: {faults_of(error)}") from error


def faults_of(error: ValidationError) -> str:
    """What is wrong, in one line: each field's path and message."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or '(root)'}: {e['msg']}" for e in error.errors()
    )
