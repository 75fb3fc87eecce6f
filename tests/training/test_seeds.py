import torch

from training.seeds import seed_step


def _drawn(seed: int, step: int, process: int = 0) -> list[float]:
    seed_step(seed, step, process)
    drawn: list[float] = torch.rand(4).tolist()
    return drawn


def test_a_step_has_its_own_draws_in_each_process() -> None:
    assert _drawn(13, 7, 1) == _drawn(13, 7, 1)
    kinds = [(13, 7, 0), (13, 7, 1), (13, 7, 2), (13, 8, 0), (14, 7, 0)]
    assert len({tuple(_drawn(*kind)) for kind in kinds}) == len(kinds)


def test_the_first_process_draws_what_one_alone_drew_before() -> None:
    torch.manual_seed(13 * 100_003 + 7)
    assert torch.rand(4).tolist() == _drawn(13, 7)
