"""Pages for people: an evaluation."""
