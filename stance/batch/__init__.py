"""Files in, files out: readers, writers, shards, resume, rejects, and the Ray path."""

from stance.batch.job import BatchSummary, classify_files

__all__ = ["BatchSummary", "classify_files"]
