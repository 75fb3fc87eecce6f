"""Pages for people: an evaluation, an article."""
