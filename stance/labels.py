"""The stance labels: the only place where their names and their order exist."""

from enum import StrEnum

__all__ = ["LABELS", "Stance"]


class Stance(StrEnum):
    """A speaker's stance toward peace talks, as `corpus/CODEBOOK.md` defines it.

    The order of the members is the order of the model's logits and of every
    probability vector, confusion matrix and table in this project.
    """

    SUPPORTING = "supporting"
    OPPOSING = "opposing"
    NONCOMMITTAL = "noncommittal"

    @property
    def column(self) -> int:
        """Position of this label in the logits, 0 to 2."""
        return LABELS.index(self)


LABELS: tuple[Stance, ...] = tuple(Stance)
