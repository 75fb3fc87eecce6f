"""Calibrates an artifact anew, where the one that its logits are averaged with has changed.

    python -m training.recalibrate --artifact stance/models/accurate --version 0.17.0

Its own weights stay as they are, so no run of theirs is needed.
"""

from pathlib import Path
from typing import Annotated

import typer

from stance.artifact import Calibration
from stance.cli import reports_errors
from stance.errors import ArtifactError
from stance.evaluation.labelled import read_labelled
from stance.manifest import SETTINGS, verify, write_manifest
from training.calibrate import answered
from training.scoring import checkpoint_logits

__all__ = ["recalibrate"]


def recalibrate(artifact: Path, version: str, dev: Path) -> Calibration:
    """Write the settings of an artifact anew, fitted on dev; returns them.

    Raises:
        ArtifactError: it is altered, or defers: how much, only the config of its run tells.
    """
    verify(artifact)
    file = artifact / SETTINGS
    settings = Calibration.model_validate_json(file.read_text("utf-8"))
    if settings.deferral is not None:
        raise ArtifactError(f"{artifact} defers; run `make calibrate` and `make export` of its run")
    items = read_labelled(dev)
    own = checkpoint_logits(artifact, [item.statement for item in items], settings.max_length)
    partner = settings.averaged_with.to if settings.averaged_with else None
    fitted = answered(own, items, partner)
    renewed = Calibration.model_validate(settings.model_dump() | fitted | {"version": version})
    file.write_text(renewed.model_dump_json(indent=2, exclude_none=True) + "\n", "utf-8")
    write_manifest(artifact)
    return renewed


def main(
    artifact: Annotated[Path, typer.Option(help="The folder of the artifact.")],
    version: Annotated[str, typer.Option(help="Version that predictions report.")],
    dev: Annotated[Path, typer.Option(help="What it is fitted on.")] = Path("corpus/dev.jsonl"),
) -> None:
    """Calibrate an artifact with the present version of its partner."""
    renewed = recalibrate(artifact, version, dev)
    typer.echo(f"{artifact}: temperature {renewed.temperature}, {renewed.conformal}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
