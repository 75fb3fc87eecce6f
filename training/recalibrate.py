"""Calibrates an artifact anew, where the one that it asks has changed.

    python -m training.recalibrate --artifact stance/models/accurate --version 0.17.0
    python -m training.recalibrate --artifact stance/models/small --version 0.17.0 --share 0.2

Its own weights stay as they are, so no run of theirs is needed.
"""

from pathlib import Path
from typing import Annotated

import typer

from stance.artifact import Calibration, open_artifact
from stance.cli import reports_errors
from stance.errors import ConfigError
from stance.evaluation.labelled import read_labelled
from stance.manifest import SETTINGS, write_manifest
from training.calibrate import calibration
from training.config import DeferConfig
from training.scoring import checkpoint_logits

__all__ = ["recalibrate"]


def recalibrate(artifact: Path, version: str, dev: Path, share: float | None) -> Calibration:
    """Write the settings of an artifact anew, fitted on dev; returns them.

    Args:
        share: of dev's statements, what an artifact that defers gives to its better model.

    Raises:
        ArtifactError: the artifact is altered or broken.
        ConfigError: it defers and `share` is None, or does not and `share` is given.
    """
    settings = open_artifact(artifact, alone=True).calibration
    if (settings.deferral is None) != (share is None):
        raise ConfigError(f"{artifact}: --share is for artifacts that defer, and for each of them")
    items = read_labelled(dev)
    own = checkpoint_logits(artifact, [item.statement for item in items], settings.max_length)
    better = settings.deferral.to if settings.deferral else None
    defer = DeferConfig(to=better, share=share) if better and share else None
    partner = settings.averaged_with.to if settings.averaged_with else None
    fitted = calibration(own, items, defer, partner)
    renewed = Calibration.model_validate(settings.model_dump() | fitted | {"version": version})
    (artifact / SETTINGS).write_text(
        renewed.model_dump_json(indent=2, exclude_none=True) + "\n", "utf-8"
    )
    write_manifest(artifact)
    return renewed


def main(
    artifact: Annotated[Path, typer.Option(help="The folder of the artifact.")],
    version: Annotated[str, typer.Option(help="Version that predictions report.")],
    dev: Annotated[Path, typer.Option(help="What it is fitted on.")] = Path("corpus/dev.jsonl"),
    share: Annotated[
        float | None,
        typer.Option(help="What one that defers gives away of dev.", min=0.01, max=0.99),
    ] = None,
) -> None:
    """Calibrate an artifact with the present version of the model that it asks."""
    renewed = recalibrate(artifact, version, dev, share)
    typer.echo(f"{artifact}: temperature {renewed.temperature}, {renewed.conformal}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
