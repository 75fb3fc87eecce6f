"""The same articles as pages of a PDF: what was found in them is found again."""

import json
import random
import re
from pathlib import Path

import pytest

from stance import Statement
from stance.attribution.extract import Extractor

ARTICLES = Path(__file__).parents[2] / "corpus" / "articles.jsonl"
HEADS = ("", "The Observer of Lom\u00e9", "REPORT OF THE ENVOY S/2021/88", "https://news.example/1")
NUMBERS = ("{}", "Page {} of 40", "- {} -", "{} / 40")


def wrapped(paragraph: str, width: int, draw: random.Random) -> list[str]:
    """The lines of a paragraph; half of the long words that do not fit are broken."""
    lines = [""]
    for word in paragraph.split(" "):
        room = width - len(lines[-1]) - 2
        if room + 1 >= len(word) or not lines[-1]:
            lines[-1] += (" " if lines[-1] else "") + word
        elif re.fullmatch("[a-z]{7,}[.,]?", word) and room >= 3 and draw.random() < 0.5:
            cut = min(room, len(word) - 4)
            lines[-1] += f" {word[:cut]}-"
            lines.append(word[cut:])
        else:
            lines.append(word)
    return lines


def as_pages(text: str, draw: random.Random) -> str:
    width, head, number = draw.choice((66, 72, 80, 92)), draw.choice(HEADS), draw.choice(NUMBERS)
    a_page, page, out = draw.randint(5, 12), draw.randint(1, 9), list[str]()
    written = 0
    for paragraph in text.split("\n\n"):
        for line in (one for p in paragraph.split("\n") for one in wrapped(p, width, draw)):
            out.append(line)
            written += 1
            if written % a_page == 0:
                out += ["", number.format(page), f"\f{head}", ""]
                page += 1
        out.append("")
    return "\n".join(out)


def said(one: Statement) -> tuple[str, str]:
    """Text and speaker without spaces, hyphens and marks."""
    text, speaker = (re.sub(r"[\W_]", "", part or "").lower() for part in (one.text, one.speaker))
    return text, speaker


@pytest.mark.slow
def test_pages_lose_hardly_a_statement(extractor: Extractor) -> None:
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()[::8]
    texts = [json.loads(line)["text"] for line in lines]
    draw = random.Random(3)
    plain = extractor.extract_batch(texts)
    paged = extractor.extract_batch([as_pages(text, draw) for text in texts])
    kept = same = total = 0
    for one, other in zip(plain, paged, strict=True):
        there = {said(statement) for statement in other.statements}
        for statement in one.statements:
            total += 1
            same += said(statement) in there
            kept += said(statement)[0] in {text for text, _ in there}
    shares = f"of {total} statements {kept} are found, {same} with the same speaker"
    assert total > 1_000
    assert kept / total > 0.97, shares
    assert same / total > 0.96, shares
