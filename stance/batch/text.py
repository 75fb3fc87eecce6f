"""Text files -> strings, with errors that name the file."""

from pathlib import Path

from stance.errors import InputError

__all__ = ["read_text"]


def read_text(path: Path) -> str:
    """The contents of a UTF-8 file, unchanged: offsets into it count its characters.

    Raises:
        InputError: the file is missing, a directory, not readable, or not UTF-8.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a directory; give a file")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; convert the file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
