"""What turns the tagger's logits into attributions, as it travels with its weights."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from stance.errors import ArtifactError

__all__ = ["DecodingConfig", "read_decoding", "write_decoding"]

_FILE = "decoding.json"


@dataclass(frozen=True, slots=True)
class DecodingConfig:
    """What turns logits into attributions; fitted on held-out articles of PolNeAR's train.

    Attributes:
        weights, bias: the logistic model over `scoring.FEATURES`.
        threshold: candidates with a lower score are dropped.
        eagerness: how doubtful a cue may be to be a candidate (added to its logits).
        min_characters: contents with fewer letters and digits are dropped.
        twin_overlap: of two attributions whose contents overlap by more than this share of
            their union, only the one with the higher score is kept.
    """

    weights: tuple[float, ...] = (0.5, 0.5, 0.0, 0.0, 0.0, 0.0)
    bias: float = 0.0
    threshold: float = 0.45
    eagerness: float = 2.0
    min_characters: int = 3
    twin_overlap: float = 0.5


def read_decoding(path: Path) -> DecodingConfig:
    """The thresholds in a tagger's folder.

    Raises:
        ArtifactError: the file is missing or has other keys.
    """
    file = path / _FILE
    try:
        return DecodingConfig(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ArtifactError(f"{file}: {error}; run `make attribution-train` again") from error


def write_decoding(path: Path, decoding: DecodingConfig) -> None:
    """Write the thresholds into a tagger's folder."""
    text = json.dumps(asdict(decoding), indent=2) + "\n"
    (path / _FILE).write_text(text, encoding="utf-8")
