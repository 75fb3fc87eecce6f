"""A versioned folder of weights: find it, verify it, open it.

An artifact is a plain transformers checkpoint (config.json, safetensors, tokenizer.json)
plus two small files of ours: `stance.json`, what the weights need to become predictions,
and `manifest.json`, the SHA-256 of every file. A checkpoint without these two, from a folder
or the Hub, works as well: uncalibrated, unverified, with the labels of its config.json.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stance.errors import ArtifactError, reason_of
from stance.labels import LABELS
from stance.manifest import SETTINGS, read_json, sha256, verify

__all__ = ["SHIPPED", "Artifact", "Asked", "Calibration", "Deferral", "open_artifact"]

MODELS = Path(__file__).parent / "models"
SHIPPED = "base"
"""Name of the artifact inside the package that is used by default."""
_HUB_FILES = ["*.json", "*.safetensors", "*.txt"]


class Asked(BaseModel):
    """Another artifact that the answers of one depend on.

    Attributes:
        to: the name of a shipped one, a folder, or a Hub id.
        version: of the one that the artifact was calibrated with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str
    version: str


class Deferral(Asked):
    """What a small model does with a statement that it doubts: a better one answers.

    Attributes:
        margin: a statement whose two highest logits are nearer than this goes there.
    """

    margin: float = Field(gt=0)


class Calibration(BaseModel):
    """The contents of `stance.json`: what travels with the weights.

    Attributes:
        format: version of this file's layout.
        version: version of the artifact, reported by every prediction.
        max_length: window in tokens that the model was trained with.
        temperature: divides the logits before the softmax.
        conformal: coverage level ("0.95") -> highest score `1 - p` of a plausible label.
        deferral: None for an artifact that answers everything itself.
        averaged_with: the artifact whose logits and its own are averaged; None for its own alone.
        notes: how the weights came about: base, hashes of data and config, metrics.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = 1
    version: str
    max_length: int = Field(ge=8)
    temperature: float = Field(default=1.0, gt=0)
    conformal: dict[str, float] = {}
    deferral: Deferral | None = None
    averaged_with: Asked | None = None
    notes: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Artifact:
    """An opened artifact.

    Attributes:
        path: the folder.
        calibration: what turns its logits into predictions.
        columns: for each of our labels, in our order, its column in the checkpoint's logits.
        better: the artifact that it defers to, if it does.
        partner: the artifact that its logits are averaged with, if they are.
    """

    path: Path
    calibration: Calibration
    columns: tuple[int, ...]
    better: "Artifact | None" = None
    partner: "Artifact | None" = None

    @property
    def asked(self) -> list["Artifact"]:
        """The other artifacts that its answers depend on."""
        return [other for other in (self.better, self.partner) if other is not None]


def open_artifact(
    path_or_hub_id: str | Path = SHIPPED, revision: str | None = None, *, alone: bool = False
) -> Artifact:
    """Find and verify an artifact.

    Args:
        path_or_hub_id: the name of a shipped artifact, a folder, or a Hub id.
        revision: branch, tag or commit of a Hub id.
        alone: leave out the others that it asks, where only its own network is wanted.

    Raises:
        ArtifactError: not found, incomplete, altered, or without our three labels; or it defers
            to one that does not read the same, in the same order of labels; or one that it asks
            asks others itself, or is not the one that it was calibrated with.
    """
    artifact = _open(path_or_hub_id, revision)
    deferral, averaged = artifact.calibration.deferral, artifact.calibration.averaged_with
    if alone:
        return artifact
    if deferral is not None:
        better = _open_asked(artifact, "defer to", deferral)
        if _reading(artifact) != _reading(better):
            raise ArtifactError(
                f"{artifact.path} cannot defer to {better.path}: it must have the same labels, "
                "window and tokenizer"
            )
        artifact = replace(artifact, better=better)
    if averaged is not None:
        partner = _open_asked(artifact, "be averaged with", averaged)
        artifact = replace(artifact, partner=partner)
    return artifact


def _open_asked(artifact: Artifact, role: str, asked: Asked) -> Artifact:
    try:
        other = _open(asked.to)
    except ArtifactError as error:
        raise ArtifactError(f"{artifact.path} wants to {role} {asked.to!r}: {error}") from error
    if other.calibration.deferral is not None or other.calibration.averaged_with is not None:
        raise ArtifactError(
            f"{artifact.path} cannot {role} {other.path}, which asks another model itself; "
            "name one that answers alone"
        )
    if other.calibration.version != asked.version:
        raise ArtifactError(
            f"{artifact.path} was calibrated with {asked.to} {asked.version}, and that is "
            f"{other.calibration.version} now; calibrate and export it again"
        )
    return other


def _open(path_or_hub_id: str | Path, revision: str | None = None) -> Artifact:
    path = _locate(path_or_hub_id, revision)
    verify(path)
    config = read_json(path / "config.json")
    return Artifact(path, _read_calibration(path, config), _columns(path, config))


def _reading(artifact: Artifact) -> tuple[object, ...]:
    """What two artifacts must have in common for the rows of one to be the other's."""
    tokenizer = artifact.path / "tokenizer.json"
    found = sha256(tokenizer) if tokenizer.is_file() else None
    return artifact.columns, artifact.calibration.max_length, found


def _locate(path_or_hub_id: str | Path, revision: str | None) -> Path:
    name = str(path_or_hub_id)
    if isinstance(path_or_hub_id, str) and name in _shipped_names():
        return MODELS / name
    local = Path(path_or_hub_id).expanduser()
    if name and local.is_dir():
        return local
    if (
        not name
        or local.exists()
        or local.is_absolute()
        or name.startswith(".")
        or name.count("/") > 1
    ):
        raise ArtifactError(f"{name!r} is not a folder; give the folder that holds config.json")
    return _download(name, revision)


def _shipped_names() -> list[str]:
    return sorted(path.name for path in MODELS.iterdir() if (path / SETTINGS).is_file())


def _download(hub_id: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(hub_id, revision=revision, allow_patterns=_HUB_FILES))
    except Exception as error:  # offline, unknown id, no rights: dozens of classes
        names = ", ".join(_shipped_names())
        raise ArtifactError(
            f"{hub_id!r} is neither a shipped model ({names}) nor a folder, "
            f"and the Hub did not give it: {reason_of(error)}"
        ) from error


def _read_calibration(path: Path, config: dict[str, Any]) -> Calibration:
    file = path / SETTINGS
    if not file.is_file():
        given = config.get("max_position_embeddings")
        window = given if isinstance(given, int) and given > 2 else 512
        if config.get("model_type") in ("mpnet", "roberta", "xlm-roberta", "camembert"):
            window -= 2  # these count positions from the padding id on
        return Calibration(version=path.name, max_length=min(window, 512))
    try:
        return Calibration.model_validate(read_json(file))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ArtifactError(f"{file}: key {key!r}: {first['msg']}") from error


def _columns(path: Path, config: dict[str, Any]) -> tuple[int, ...]:
    given = config.get("id2label")
    names = {str(v).lower(): str(k) for k, v in given.items()} if isinstance(given, dict) else {}
    expected = [label.value for label in LABELS]
    columns = [str(i) for i in range(len(LABELS))]
    if sorted(names) != sorted(expected) or sorted(names.values()) != columns:
        raise ArtifactError(
            f"{path / 'config.json'}: id2label is {given}, not a number from 0 to "
            f"{len(LABELS) - 1} for each of {expected}; rename its labels to these"
        )
    return tuple(int(names[label]) for label in expected)
