"""Stance: who is for peace talks, who is against, and who is only saying nice words.

>>> from stance import classify
>>> classify("We will be in that room.", context="Will you attend the talks?").label
<Stance.SUPPORTING: 'supporting'>
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stance.errors import ArtifactError, ConfigError, InputError, OutputError, StanceError
from stance.labels import Stance
from stance.records import Article, Prediction, Speech, Statement

if TYPE_CHECKING:
    from stance.attribution.language import LanguageWarning
    from stance.batch import BatchSummary, classify_files
    from stance.classifier import StanceClassifier, analyze, classify

__version__ = "0.22.0"

__all__ = [
    "Article",
    "ArtifactError",
    "BatchSummary",
    "ConfigError",
    "InputError",
    "LanguageWarning",
    "OutputError",
    "Prediction",
    "Speech",
    "Stance",
    "StanceClassifier",
    "StanceError",
    "Statement",
    "analyze",
    "classify",
    "classify_files",
]

# Loaded on first use, so that `import stance` brings in neither numpy nor torch.
_LAZY = {
    "BatchSummary": "stance.batch",
    "LanguageWarning": "stance.attribution.language",
    "StanceClassifier": "stance.classifier",
    "analyze": "stance.classifier",
    "classify": "stance.classifier",
    "classify_files": "stance.batch",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'stance' has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value
