"""Hidden states of a teacher as hints for a student, beside the soft labels.

Three logits hold little of what a teacher knows, and of statements that it was trained on next to
nothing. Its hidden states hold why statements are alike; a student that must give them by a linear
map of its own learns that, too (Romero et al. 2015, "FitNets"; Sun et al. 2019, "Patient
Knowledge Distillation"; token by token, Jiao et al. 2020, "TinyBERT"). docs/ablations.md says what
it buys.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.batches import Batch
from training.teacher_states import HINTS, TOKEN_LAYERS, TeacherStates, pooled_states, token_states

__all__ = ["HintLoss"]

_SAMPLE = 4_000
_RIDGE = 0.01
"""Of the mean square of the student's states, added to each of their dimensions' variance."""


class HintLoss(nn.Module):
    """How far a student's states, mapped linearly, are from the teacher's: one value a row.

    The teacher's pooled vectors are standardised, so that each of their dimensions weighs the
    same; the states of single tokens were when they were written (`TokenComponents`).
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, student_width: int, states: TeacherStates) -> None:
        super().__init__()
        every = max(1, len(states.vectors) // _SAMPLE)
        sample = torch.from_numpy(states.vectors[::every].astype("float32"))
        self.register_buffer("mean", sample.mean(dim=0))
        self.register_buffer("deviation", sample.std(dim=0, correction=0) + 1e-3)
        widths = [states.vectors.shape[-1]] * HINTS + [states.tokens.shape[-1]] * TOKEN_LAYERS
        self.maps = nn.ModuleList(nn.Linear(student_width, width) for width in widths)

    def forward(self, hidden: Sequence[Tensor], batch: Batch) -> Tensor:
        """
        Args:
            hidden: the student's, as for `pooled_states`.
        """
        losses = [
            F.mse_loss(m(states).float(), wanted, reduction="none").mean(dim=-1)
            for m, (states, wanted) in zip(self.maps, self._pairs(hidden, batch), strict=True)
        ]
        # Of a batch of perturbed copies no token has a hint; its maps take part all the same, as
        # several processes must agree on what has gradients.
        tokens = torch.cat(losses[HINTS:])
        return torch.stack(losses[:HINTS]).mean(dim=0) + tokens.sum() / max(1, len(tokens))

    def start(self, outputs: Iterable[tuple[Sequence[Tensor], Batch]]) -> None:
        """Begin with the maps of least squared error on some batches, and not with noise.

        From noise a short training spends its first hundreds of steps on maps, and meanwhile pulls
        the network wherever they happen to point (docs/ablations.md).
        """
        pairs = [self._pairs(hidden, batch) for hidden, batch in outputs]
        for index, linear in enumerate(self.maps):
            states = torch.cat([batch[index][0] for batch in pairs])
            wanted = torch.cat([batch[index][1] for batch in pairs])
            if len(states):
                _solve(linear, states, wanted)

    def _pairs(self, hidden: Sequence[Tensor], batch: Batch) -> list[tuple[Tensor, Tensor]]:
        """What each map is given and should give."""
        pooled = pooled_states(hidden, batch.attention_mask)
        wanted = (batch.hidden - self.mean) / self.deviation
        tokens = token_states(hidden, batch.aligned)
        return [
            *((pooled[:, i], wanted[:, i]) for i in range(HINTS)),
            *((tokens[i], batch.tokens[:, i]) for i in range(TOKEN_LAYERS)),
        ]


def _solve(linear: nn.Module, states: Tensor, wanted: Tensor) -> None:
    """Ridge regression: (rows, width) -> (rows, its width)."""
    middle, aim = states.mean(dim=0), wanted.mean(dim=0)
    centred = states - middle
    square = centred.T @ centred
    ridge = _RIDGE * square.diagonal().mean() * torch.eye(len(square), device=square.device)
    weight = torch.linalg.solve(square + ridge, centred.T @ (wanted - aim))
    linear.load_state_dict({"weight": weight.T, "bias": aim - middle @ weight})
