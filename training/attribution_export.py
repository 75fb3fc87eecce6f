"""Run folder of the tagger -> the folder that ships: fp16 shards, thresholds, manifest.

    python -m training.attribution_export --run build/attribution --polnear PATH

Thresholds are fitted here, on the articles that training held out.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from safetensors.torch import load_file

from stance.artifact import write_manifest
from stance.attribution.encoding import open_tokenizer
from stance.attribution.extract import write_decoding
from stance.attribution.tagger import SHIPPED_TAGGER, Tagger
from stance.cli import reports_errors
from stance.errors import ArtifactError
from stance.settings import load_config
from training.attribution_config import AttributionConfig
from training.attribution_network import build_network
from training.attribution_polnear import read_split
from training.attribution_train import WEIGHTS, split_held_out
from training.attribution_tune import fit_decoding
from training.base_models import fetch_base
from training.export import save_shards
from training.run_folder import CONFIG_FILE, RunFolder

__all__ = ["export"]

_console = Console(stderr=True)


def export(run: Path, polnear: Path, folder: Path) -> Path:
    """Write the shipped folder of one training run.

    Raises:
        ArtifactError: the run folder has no checkpoint.
        InputError: PolNeAR cannot be read.
    """
    weights = RunFolder(run).checkpoint / WEIGHTS
    if not weights.is_file():
        raise ArtifactError(f"{weights} is missing; run training.attribution_train first")
    config = load_config(run / CONFIG_FILE, AttributionConfig)
    base = fetch_base(config.base)
    network = build_network(base, config.layers, config.frozen)
    network.load_state_dict(load_file(weights))
    folder.mkdir(parents=True, exist_ok=True)
    encoder = network.encoder.state_dict()
    head = {f"head.{name}": tensor for name, tensor in network.head.state_dict().items()}
    save_shards(encoder | head, folder)
    network.config.to_json_file(folder / "config.json")
    open_tokenizer(base / "tokenizer.json").save(str(folder / "tokenizer.json"))
    articles = read_split(polnear, "train")[: config.articles]
    _, held_out = split_held_out(articles, config.held_out)
    decoding, rows = fit_decoding(Tagger.load(folder), held_out)
    for row in rows:
        _console.print(row)
    write_decoding(folder, decoding)
    write_manifest(folder)
    return folder


def main(
    run: Annotated[Path, typer.Option(help="run folder of training.attribution_train")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
    output: Annotated[Path, typer.Option(help="where the shipped folder goes")] = SHIPPED_TAGGER,
) -> None:
    """Fit thresholds and write the folder that ships."""
    _console.print(f"written: {export(run, polnear, output)}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
