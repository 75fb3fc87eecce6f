"""A tiny network of the teacher's kind."""

from transformers import MPNetConfig, MPNetForSequenceClassification

from stance.labels import LABELS

__all__ = ["tiny_mpnet"]


def tiny_mpnet(initializer_range: float = 0.02) -> MPNetForSequenceClassification:
    """Two layers of 16 with our labels and the real vocabulary."""
    return MPNetForSequenceClassification(
        MPNetConfig(
            vocab_size=30527,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=24,
            max_position_embeddings=64,
            initializer_range=initializer_range,
            id2label={i: label.value for i, label in enumerate(LABELS)},
            label2id={label.value: i for i, label in enumerate(LABELS)},
        )
    )
