"""The errors that Stance raises on purpose. Each message names the place and the fix."""

__all__ = [
    "ArtifactError",
    "ConfigError",
    "InputError",
    "OutputError",
    "StanceError",
    "install_hint",
    "reason_of",
]


class StanceError(Exception):
    """Base of every error that Stance raises on purpose."""


class InputError(StanceError, ValueError):
    """A text, a row or a file that cannot be used as input."""


class ArtifactError(StanceError):
    """A model folder that is missing, incomplete, altered or of another kind."""


class ConfigError(StanceError, ValueError):
    """A configuration with a wrong, unknown or missing key."""


class OutputError(StanceError):
    """An output that cannot be written: a full disk, no permission."""


def install_hint(extra: str) -> str:
    """How to install an extra. By path: the name `stance` on PyPI is another project's."""
    return f"run pip install '.[{extra}]' in the checkout of Stance (or 'WHEEL[{extra}]')"


def reason_of(error: Exception) -> str:
    """The first line of what a library's error says, or its class where it says nothing."""
    return str(error).strip().partition("\n")[0] or repr(error)
