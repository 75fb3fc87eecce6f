"""For any rows: order kept, each row in exactly one place, and the output is `classify`."""

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance import StanceClassifier, Statement, classify_files
from stance.batch.rows import result_of
from stance.inputs import check_text
from tests.batch.conftest import FakeClassifier

_JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
_TEXTS = st.text(max_size=6) | st.sampled_from(["yes", "no", " ", None, 5, True])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {"text": _TEXTS}, optional={"q": st.sampled_from(["why?", "", None]), "x": _JSON}
    ).map(json.dumps)
    | st.sampled_from(["{", "[]", "5", '{"text": "\\ud800"}', '{"q": "no text"}']),
    max_size=14,
)


@given(lines=_ROWS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("small_shards")
def test_every_line_lands_in_exactly_one_file_in_order(
    lines: list[str], fake: FakeClassifier
) -> None:
    # A first row with both columns, so that neither is missing from the file.
    lines = ['{"text": "first", "q": "x"}', *lines]
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "o.jsonl"
        source.write_text("\n".join(lines), encoding="utf-8")
        summary = classify_files(source, out, context_column="q")
        rows = [json.loads(line) for line in out.open(encoding="utf-8")]
        rejects = []
        if summary.rejects:
            # Not str.splitlines: it also splits at U+0085, which JSON leaves as it is.
            with summary.rejects.open(encoding="utf-8") as found:
                rejects = [json.loads(line)["line"] for line in found]
    assert summary.rows == len(lines) == len(rows) + len(rejects)
    assert rejects == sorted(set(rejects))
    kept = [json.loads(line) for i, line in enumerate(lines, 1) if i not in rejects]
    said = [Statement(row["text"], context=row.get("q") or None) for row in kept]
    expected = [k | result_of(p) for k, p in zip(kept, fake.classify(said), strict=True)]
    assert rows == expected


_CELLS = st.text(st.sampled_from("a,\"'\n\r é\\") | st.characters(codec="utf-8"), max_size=8)


@given(cells=st.lists(st.tuples(_CELLS, _CELLS), max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("fake", "small_shards")
def test_any_cell_comes_through_csv_unchanged(cells: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.csv", Path(folder) / "o.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([("text", "x"), *cells])
        classify_files(source, out)
        with out.open(encoding="utf-8", newline="") as stream:
            rows = [(row["text"], row["x"]) for row in csv.DictReader(stream, strict=True)]
    assert rows == [cell for cell in cells if check_text(cell[0]) is None]


def test_the_output_is_what_the_shipped_model_says(
    tmp_path: Path, classifier: StanceClassifier
) -> None:
    texts = ["We will be there.", "Never.", "We shall see what comes. " * 90, "Never."]
    said = [
        Statement(text, context="Will you come?" if i % 2 else None, target="the truce")
        for i, text in enumerate(texts)
    ]
    lines = [json.dumps({"text": s.text, "q": s.context, "t": s.target}) for s in said]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    classify_files(
        tmp_path / "in.jsonl",
        tmp_path / "o.jsonl",
        context_column="q",
        target_column="t",
        device="cpu",
    )
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").open(encoding="utf-8")]
    for row, statement in zip(rows, said, strict=True):
        alone = result_of(classifier.classify(statement))
        assert row["label"] == alone["label"]
        assert row["truncated"] == alone["truncated"] == (len(statement.text) > 200)
        assert row["model_version"] == alone["model_version"]
        for key in ("p_supporting", "p_opposing", "p_noncommittal", "confidence"):
            assert abs(row[key] - alone[key]) < 5e-6
