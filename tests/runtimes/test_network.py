"""One compiled network where one will do, and no more of its output in memory than is taken."""

import threading
import weakref
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from stance import StanceClassifier
from stance.artifact import MODELS, Artifact
from stance.batch.blocks import Columns
from stance.batch.rows import ARTICLE_SCHEMA
from stance.batch.sources import Format
from stance.batch.worker import Job, Worker
from stance.encoding import EncodedStatement, Encoder, open_tokenizer
from stance.records import Statement
from stance.runtimes import network as network_module
from stance.runtimes import open_runtime
from stance.runtimes import weights as weights_module
from stance.runtimes.cpu import OpenVinoRuntime
from stance.runtimes.network import Network
from stance.runtimes.offline_openvino import op, ov
from stance.runtimes.weights import read_weights

_TEXTS = ("No.", "We will be in that room.", "Nobody here will sit down with those who shell us.")


@pytest.fixture
def doubling(monkeypatch: pytest.MonkeyPatch) -> Network:
    monkeypatch.setattr(network_module, "threads", lambda: 2)
    x = op.parameter([-1], np.float32)
    return Network(ov.Model([op.result(op.multiply(x, np.float32(2)))], [x]), bulk=True)


@pytest.fixture(scope="module")
def rows(encoder: Encoder) -> list[EncodedStatement]:
    return encoder.encode([Statement(text) for text in _TEXTS])


def test_a_bulk_network_is_compiled_once(
    artifact: Artifact, rows: Sequence[EncodedStatement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_module, "threads", lambda: 2)
    runtime = open_runtime(artifact, "cpu", bulk=True)
    assert isinstance(runtime, OpenVinoRuntime)
    few, many = runtime.run(rows), runtime.run(list(rows) * 40)
    assert "_each" in vars(runtime._network)
    assert "_spread" not in vars(runtime._network)
    assert np.abs(many - np.tile(few, (40, 1))).max() < 1e-4
    assert np.abs(open_runtime(artifact, "cpu").run(rows) - few).max() < 1e-4


def test_outputs_come_in_order_and_few_of_them_wait(doubling: Network) -> None:
    begun: list[int] = []
    lock = threading.Lock()

    def arrays(batch: int) -> tuple[NDArray[np.float32]]:
        with lock:
            begun.append(batch)
        return (np.full(3, batch, dtype=np.float32),)

    outputs = doubling.run(list(range(200)), arrays)
    assert next(outputs).tolist() == [0, 0, 0]
    with lock:
        assert len(begun) <= 2 * network_module._AHEAD + 1
    assert [int(output[0]) for output in outputs] == list(range(2, 400, 2))
    assert sorted(begun) == list(range(200))


def test_a_fault_in_a_batch_is_raised_where_it_is_taken(doubling: Network) -> None:
    def arrays(batch: int) -> tuple[NDArray[np.float32]]:
        if batch == 3:
            raise ValueError("batch 3")
        return (np.full(1, batch, dtype=np.float32),)

    with pytest.raises(ValueError, match="batch 3"):
        list(doubling.run(list(range(9)), arrays))
    assert len(list(doubling.run([1, 2], arrays))) == 2


def test_equal_embeddings_are_in_memory_once() -> None:
    name = "embeddings.word_embeddings.weight"
    base, tagger = read_weights(MODELS / "base"), read_weights(MODELS / "tagger")
    assert base[f"bert.{name}"] is tagger[f"bert.{name}"]


def test_embeddings_that_differ_are_not_shared() -> None:
    first = np.zeros((1 << 22,), dtype=np.float16)
    other = first.copy()
    other[-1] = 1
    assert weights_module._once(first) is first
    assert weights_module._once(other) is other
    assert weights_module._once(first.copy()) is first
    gone = weakref.ref(first)
    del first
    assert gone() is None  # nothing keeps them but those who use them


def test_equal_tokenizers_are_one() -> None:
    files = [MODELS / name / "tokenizer.json" for name in ("base", "tagger")]
    assert open_tokenizer(files[0]) is open_tokenizer(files[1])


def test_a_bulk_classifier_has_a_bulk_tagger() -> None:
    classifier = StanceClassifier.load(device="cpu", bulk=True)
    tagger = classifier._extractor._tagger
    for part in (tagger._encoder, tagger._head):
        assert isinstance(part, Network)
        assert part._least == 1


def test_a_batch_job_is_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(StanceClassifier, "load", lambda *_, bulk: asked.append(bulk))
    Worker(Job("base", "cpu", Columns("text"), Format.CSV, ARTICLE_SCHEMA))
    assert asked == [True]
