"""Every figure that the datasheet quotes, and a failure where one leaves its bounds.

python -m training.corpus_check --config configs/corpus.yaml
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import krippendorff
import numpy as np
import typer
from pydantic import Field
from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

from stance.cli import reports_errors
from stance.evaluation.behavioural import read_suite
from stance.labels import LABELS
from stance.records import Statement
from stance.settings import Strict, load_config
from training.corpus_articles import article_figures, own_words, read_both
from training.corpus_duplicates import frequent_ngrams, near_duplicates
from training.corpus_names import name_figures
from training.corpus_pool import pool_figures, read_pool
from training.corpus_schema import SPLITS, CorpusRow, read_corpus
from training.corpus_sets import read_sets, set_figures
from training.corpus_shortcuts import shortcut_scores

__all__ = ["CorpusConfig", "agreement", "all_figures", "corpus_figures", "faults"]


class CorpusConfig(Strict):
    """Where the corpus is, and the bounds of its figures (lowest and highest, inclusive).

    Attributes:
        near_duplicate: Jaccard similarity of word trigrams from which two texts are duplicates.
        tested_names: places and parties of the conflicts of dev and test, which new training
            statements avoid.
        bounds: figure name -> [lowest, highest]; null leaves a side open.
    """

    folder: Path
    near_duplicate: float
    tested_names: Annotated[tuple[str, ...], Field(min_length=1)]
    bounds: dict[str, tuple[float | None, float | None]]


def agreement(rows: Sequence[CorpusRow]) -> dict[str, float]:
    """Cohen's kappa and Krippendorff's nominal alpha between the two coders."""
    first = [row.coder_a.column for row in rows]
    second = [row.coder_b.column for row in rows]
    return {
        "kappa": float(cohen_kappa_score(first, second)),
        "alpha": float(
            krippendorff.alpha(
                reliability_data=np.array([first, second]),
                value_domain=range(len(LABELS)),
                level_of_measurement="nominal",
            )
        ),
    }


def corpus_figures(rows: Sequence[CorpusRow], near_duplicate: float) -> dict[str, float]:
    """All figures by name."""
    labels = Counter(row.label for row in rows)
    phenomena = Counter(row.phenomenon for row in rows)
    members = Counter(row.pair for row in rows if row.pair)
    torn = _shared([row for row in rows if row.pair], "pair")
    ngrams = frequent_ngrams([row.text for row in rows])
    words = [len(row.text.split()) for row in rows]
    return {
        "statements": len(rows),
        **{f"label.{label.value}": labels[label] for label in LABELS},
        **{f"split.{split}": sum(row.split == split for row in rows) for split in SPLITS},
        "conflicts": len({row.conflict for row in rows}),
        "context share": sum(row.context is not None for row in rows) / len(rows),
        "rarest phenomenon": min(phenomena.values()),
        "plain wire": phenomena["wire_act"] + phenomena["wire_other"],
        "wire on other matters": phenomena["wire_other"],
        "contrast pairs": sum(count == 2 for count in members.values()),
        "contrast pairs in test": len({r.pair for r in rows if r.pair and r.split == "test"}),
        "broken pairs": torn + sum(count != 2 for count in members.values()),
        "shortest in words": min(words),
        "longest in words": max(words),
        "duplicate ids": len(rows) - len({row.id for row in rows}),
        "conflicts in two splits": _shared(rows, "conflict"),
        "speakers in two splits": _shared(rows, "speaker"),
        "near-duplicates": sum(1 for _ in near_duplicates(rows, near_duplicate)),
        "commonest 6-gram share": ngrams[0][1] if ngrams else 0.0,
        **agreement(rows),
        **{f"shortcut.{name}": score for name, score in shortcut_scores(rows).items()},
    }


def all_figures(rows: Sequence[CorpusRow], config: CorpusConfig) -> dict[str, float]:
    """The figures of the statements, of the contrast sets, of the pool and of the articles."""
    cases = read_suite(config.folder / "behavioural").cases
    tested: list[CorpusRow | Statement] = [row for row in rows if row.split != "train"]
    tested += [said for case in cases for said in case.statements()]
    in_articles, tested_in_articles = read_both(config.folder)
    tested += own_words(item.statement for item in tested_in_articles)
    sets, pool = read_sets(config.folder), read_pool(config.folder)
    trained = [row for row in rows if row.split == "train"]
    said = [item.statement for item in in_articles]
    unseen = [row for row in rows if row.split != "train"]
    return {
        **corpus_figures(rows, config.near_duplicate),
        **name_figures([*trained, *sets, *pool, *said], unseen, config.tested_names),
        **set_figures(sets, tested, config.near_duplicate),
        **pool_figures(pool, tested, config.near_duplicate),
        **article_figures(config.folder, said, tested, config.near_duplicate),
    }


def faults(figures: dict[str, float], config: CorpusConfig) -> list[str]:
    """One line for each figure outside its bounds or named in the config but not known."""
    lines = []
    for name, (low, high) in config.bounds.items():
        value = figures.get(name)
        if value is None:
            lines.append(f"bounds: {name}: no such figure; known: {', '.join(figures)}")
        elif (low is not None and value < low) or (high is not None and value > high):
            lines.append(f"{name}: {value:.4g} is not in [{low}, {high}]")
    return lines


def _shared(rows: Sequence[CorpusRow], field: str) -> int:
    places: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        places[getattr(row, field)].add(row.split)
    return sum(len(splits) > 1 for splits in places.values())


def _print(console: Console, figures: dict[str, float], rows: Sequence[CorpusRow]) -> None:
    table = Table("figure", "value", title="corpus")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    console.print(table)
    by_phenomenon: dict[str, list[CorpusRow]] = defaultdict(list)
    for row in rows:
        by_phenomenon[row.phenomenon].append(row)
    table = Table("phenomenon", "statements", *LABELS, "kappa", "alpha", title="by phenomenon")
    for name, group in sorted(by_phenomenon.items()):
        counts = Counter(row.label for row in group)
        both = agreement(group) if len({row.coder_a for row in group}) > 1 else None
        scores = [f"{v:.2f}" for v in both.values()] if both else ["one label"] * 2
        table.add_row(name, str(len(group)), *(str(counts[label]) for label in LABELS), *scores)
    console.print(table)


def main(
    config: Annotated[Path, typer.Option(help="configs/corpus.yaml")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Check the corpus; exit code 1 where a figure is out of bounds."""
    settings = load_config(config, CorpusConfig)
    rows = read_corpus(settings.folder)
    figures = all_figures(rows, settings)
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
    else:
        _print(Console(), figures, rows)
    wrong = faults(figures, settings)
    for line in wrong:
        typer.echo(line, err=True)
    if wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(reports_errors(main))
