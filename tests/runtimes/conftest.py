"""The shipped artifact and its encoder, opened once."""

import pytest

from stance.artifact import Artifact, open_artifact
from stance.encoding import Encoder


@pytest.fixture(scope="session")
def artifact() -> Artifact:
    return open_artifact()


@pytest.fixture(scope="session")
def encoder(artifact: Artifact) -> Encoder:
    return Encoder.from_folder(artifact.path, artifact.calibration.max_length)
