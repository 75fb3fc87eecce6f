"""Articles for the rows of memory."""

import statistics

from benchmarks.articles import news_like

_PARAGRAPHS = ("It rained in the north, and the roads were closed for a day or two.", "Shops shut.")
_QUOTES = ("We will not come.", "We shall see what the others offer before we say a word.")


def test_lengths_are_those_of_news() -> None:
    articles = news_like(_PARAGRAPHS, _QUOTES, 400)
    words = [len(article.split()) for article in articles]
    assert len(set(articles)) == 400
    assert 600 < statistics.median(words) < 760
    assert max(words) == words[0] > 5_500
    assert all(any(quote in article for quote in _QUOTES) for article in articles)


def test_they_are_the_same_every_time() -> None:
    assert news_like(_PARAGRAPHS, _QUOTES, 5) == news_like(_PARAGRAPHS, _QUOTES, 5)
