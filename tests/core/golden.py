"""Golden outputs of the shipped models. After a new checkpoint: python -m tests.core.golden"""

import json
from pathlib import Path
from typing import Any

from stance import Prediction, StanceClassifier, Statement

FILE = Path(__file__).parents[1] / "data" / "golden.json"
ARTICLE = "“We will not come to the talks,” Colonel Odo Marek said on Monday. “We have said so.”"
STATEMENTS = (
    Statement("We will be in that room.", context="Will you attend the talks?"),
    Statement("We will be in that room.", context="Which room will you paint first?"),
    Statement("Moscow has dismissed the plans."),
    Statement("We have taken note of the offer.", context="Will you accept mediation?"),
    Statement("He said the rebels had no interest in peace talks."),
    Statement("Not while I am in office.", context="Will you walk out of the peace talks?"),
    Statement("The ministry would not rule out talks.", target="the Geneva talks"),
    Statement("The two ministers held talks on trade and tourism in Lisbon on Tuesday."),
)


def as_json(prediction: Prediction) -> dict[str, Any]:
    """What is compared: label and probabilities."""
    probabilities = {label.value: round(p, 5) for label, p in prediction.probabilities.items()}
    return {"label": prediction.label.value, "probabilities": probabilities}


def main() -> None:
    """Write the file anew."""
    model = StanceClassifier.load(device="cpu")
    found = {
        "version": model.artifact.calibration.version,
        "classify": [as_json(p) for p in model.classify(STATEMENTS)],
        "analyze": [
            {"text": p.statement.text, "speaker": p.statement.speaker, **as_json(p)}
            for p in model.analyze(ARTICLE)
        ],
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
