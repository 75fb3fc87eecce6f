"""A system that already ran elsewhere: its predictions, read from a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.evaluation.labelled import read_rows
from stance.labels import LABELS, Stance
from stance.manifest import sha256

__all__ = ["PredictionsFile"]

_TOLERANCE = 1e-3


class PredictionsFile:
    """Predictions by id, from JSONL, CSV or TSV.

    A row has `id` and either probabilities (an object `probabilities`, or three fields named
    like the labels) or only a `label`, which is taken as a bare, one-hot prediction.

    Raises:
        InputError: a fault in the file, with its line and field.
    """

    version = ""
    conformal: Mapping[str, float] = {}

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._path = path
        self._rows: dict[str, list[float]] = {}
        self.probabilistic = True
        for number, row in read_rows(path):
            given = row.get("id")
            if given in (None, ""):
                raise InputError(f"{path}:{number}: no field 'id'; predictions are matched by id")
            key = str(given)
            if key in self._rows:
                raise InputError(f"{path}:{number}: id {key!r} is there twice")
            self._rows[key] = self._probabilities(number, row)
        if not self._rows:
            raise InputError(f"{path}: no predictions in it")
        self.files = {str(path): sha256(path)}

    def look_up(self, ids: Sequence[str]) -> NDArray[np.float64]:
        """The rows of these ids, float64 (n, 3), columns in label order.

        Raises:
            InputError: ids without a prediction.
        """
        missing = [key for key in ids if key not in self._rows]
        if missing:
            raise InputError(
                f"{self._path}: no prediction for {len(missing)} of {len(ids)} statements, "
                f"the first is id {missing[0]!r}"
            )
        return np.array([self._rows[key] for key in ids])

    def _probabilities(self, number: int, row: dict[str, Any]) -> list[float]:
        given = row.get("probabilities") or row
        if isinstance(given, dict) and all(label.value in given for label in LABELS):
            return self._checked(number, [given[label.value] for label in LABELS])
        try:
            label = Stance(row.get("label", ""))
        except ValueError:
            raise InputError(
                f"{self._path}:{number}: needs a probability for each of {', '.join(LABELS)}, "
                f"or a label that is one of them; label is {row.get('label')!r}"
            ) from None
        self.probabilistic = False
        return [float(label == other) for other in LABELS]

    def _checked(self, number: int, values: list[Any]) -> list[float]:
        try:
            probs = np.array([float(value) for value in values])
        except (TypeError, ValueError):
            raise InputError(f"{self._path}:{number}: probabilities must be numbers") from None
        if not (probs >= 0).all() or not abs(probs.sum() - 1.0) <= _TOLERANCE:
            raise InputError(
                f"{self._path}:{number}: probabilities must be at least 0 and sum to 1, "
                f"not {probs.tolist()}"
            )
        return [float(p) for p in probs / probs.sum()]
