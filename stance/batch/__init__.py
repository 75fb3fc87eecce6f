"""Files in, files out: readers, writers, shards, resume, rejects, and the Ray path."""
