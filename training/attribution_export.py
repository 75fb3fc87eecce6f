"""Run folder of the tagger -> the folder that ships: fp16 shards, thresholds, manifest.

    python -m training.attribution_export --run build/attribution --polnear PATH \\
        --output build/attribution/tagger

Thresholds are fitted here, on the articles that training held out.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stance.attribution.decoding_config import write_decoding
from stance.attribution.tagger import Tagger
from stance.cli import reports_errors
from stance.manifest import write_manifest
from training.attribution_network import TaggerForTraining, build_network
from training.attribution_polnear import read_split
from training.attribution_train import load_trained, split_held_out
from training.attribution_tune import fit_decoding
from training.base_models import fetch_base
from training.export import save_shards

__all__ = ["export"]

_console = Console(stderr=True)


def export(run: Path, polnear: Path, folder: Path) -> Path:
    """Write the shipped folder of one training run.

    Raises:
        ArtifactError: the run folder has no checkpoint.
        InputError: PolNeAR cannot be read.
    """
    config, network, tokenizer = load_trained(run)
    if config.base_share:
        _average(network, fetch_base(config.base), config.base_share)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = network.encoder.state_dict()
    head = {f"head.{name}": tensor for name, tensor in network.head.state_dict().items()}
    save_shards(encoder | head, folder)
    network.config.to_json_file(folder / "config.json")
    tokenizer.save(str(folder / "tokenizer.json"))
    articles = read_split(polnear, "train")[: config.articles]
    _, held_out = split_held_out(articles, config.held_out)
    decoding, rows = fit_decoding(Tagger.load(folder), held_out)
    for row in rows:
        _console.print(row)
    write_decoding(folder, decoding)
    write_manifest(folder)
    return folder


def _average(network: TaggerForTraining, base: Path, share: float) -> None:
    """Give a network so large a share of the weights of the tagger that it went on from."""
    before = build_network(base).state_dict()
    for name, weight in network.named_parameters():
        if weight.requires_grad:  # the frozen embeddings keep their bytes
            weight.data.lerp_(before[name], share)


def main(
    run: Annotated[Path, typer.Option(help="run folder of training.attribution_train")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
    output: Annotated[Path, typer.Option(help="where the tagger's folder goes")],
) -> None:
    """Fit thresholds and write the folder that ships."""
    _console.print(f"written: {export(run, polnear, output)}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
