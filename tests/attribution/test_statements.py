import pytest

from stance.attribution.quotes import uncued_quotations
from stance.attribution.spans import Attribution
from stance.attribution.statements import statements_of
from stance.attribution.textview import view_of
from stance.attribution.transcripts import transcript_turns, with_turns
from stance.records import Speech, Statement


def statement(text: str, content: list[str], cue: str | None, source: str | None) -> Statement:
    def find(piece: str) -> tuple[int, int]:
        return text.index(piece), text.index(piece) + len(piece)

    one = Attribution(
        tuple(find(piece) for piece in content),
        find(cue) if cue else None,
        (find(source),) if source else (),
    )
    (result,) = statements_of(text, view_of(text), [one])
    return result


def test_reported_act_starts_at_its_cue() -> None:
    text = "The Russians are not invited and Moscow has dismissed the plans."
    one = statement(text, ["the plans"], "has dismissed", "Moscow")
    assert (one.text, one.speaker, one.cue) == (
        "has dismissed the plans",
        "Moscow",
        "has dismissed",
    )
    assert one.speech is Speech.ACT
    assert text[one.start : one.end] == one.text


def test_indirect_speech_keeps_its_content_only() -> None:
    one = statement("The envoy said he would come.", ["he would come"], "said", "The envoy")
    assert (one.speech, one.text) == (Speech.INDIRECT, "he would come")


@pytest.mark.parametrize(
    ("text", "content", "cue"),
    [
        (
            "The army declined to comment on whether it would go.",
            "whether it would go",
            "declined to comment on",
        ),
        ("Iran does not believe that talks help.", "that talks help", "does not believe"),
        ("Iran doesn\u2019t think that talks help.", "that talks help", "doesn\u2019t think"),
        ("It refused to say whether it would go.", "whether it would go", "refused to say"),
        ("Iran dismissed reports that it would go.", "that it would go", "dismissed reports"),
        ("Iran rejected claims that it would go.", "that it would go", "rejected claims"),
        ("Iran denied reports that it would go.", "that it would go", "denied reports"),
        ("Iran never said that it would go.", "that it would go", "never said"),
        ("Iran did not respond to the offer.", "the offer", "did not respond to"),
    ],
)
def test_refused_or_negated_cue_is_an_act(text: str, content: str, cue: str) -> None:
    one = statement(text, [content], cue, text.split(maxsplit=1)[0])
    assert (one.speech, one.text) == (Speech.ACT, f"{cue} {content}")


@pytest.mark.parametrize(
    "cue", ["said", "told reporters", "noted", "wrote on X", "announced", "knows", "said later"]
)
def test_verb_of_saying_is_no_act(cue: str) -> None:
    one = statement(f"The envoy {cue} that he would come.", ["that he would come"], cue, "envoy")
    assert (one.speech, one.text) == (Speech.INDIRECT, "that he would come")


def test_direct_and_mixed_speech() -> None:
    text = "\u201cWe will come,\u201d she said. \u201cSoon.\u201d"
    one = statement(text, ["\u201cWe will come,\u201d", "\u201cSoon.\u201d"], "said", "she")
    assert one.speech is Speech.DIRECT
    assert one.text == "\u201cWe will come,\u201d \u201cSoon.\u201d"
    assert one.spans == ((0, 15), (26, 33))
    mixed = statement(
        "He said the talks were \u201ca trap\u201d.",
        ["the talks were \u201ca trap\u201d"],
        "said",
        "He",
    )
    assert mixed.speech is Speech.MIXED


def test_act_with_quotation_keeps_its_cue() -> None:
    text = "Moscow called the talks \u201ca trap\u201d."
    one = statement(text, ["the talks \u201ca trap\u201d"], "called", "Moscow")
    assert (one.speech, one.text) == (Speech.MIXED, "called the talks \u201ca trap\u201d")


def test_passive_act_keeps_its_order() -> None:
    text = "The plan was rejected on Monday by Moscow."
    one = statement(text, ["The plan"], "was rejected", "Moscow")
    assert one.text == "The plan was rejected"


def test_uncued_quotation_is_found_once() -> None:
    text = "He left. \u201cWe will not come to these talks.\u201d A \u201cpeace train\u201d left."
    (one,) = uncued_quotations(view_of(text), [])
    assert text[slice(*one.content[0])] == "\u201cWe will not come to these talks.\u201d"
    assert uncued_quotations(view_of(text), [one]) == []


def test_transcript() -> None:
    text = "HOST: Will you come?\n\nMARIA LOPEZ: We will.\n\nAnd soon.\n\nHOST: Thank you."
    view = view_of(text)
    turns = transcript_turns(view)
    statements = statements_of(text, view, with_turns([], turns))
    assert [(s.speaker, s.text) for s in statements] == [
        ("HOST", "Will you come?"),
        ("MARIA LOPEZ", "We will. And soon."),
        ("HOST", "Thank you."),
    ]
    assert {s.speech for s in statements} == {Speech.DIRECT}


def test_prose_is_no_transcript() -> None:
    text = "Note: the talks failed.\n\nNobody came.\n\nThe minister said: We will see."
    assert transcript_turns(view_of(text)) == []
