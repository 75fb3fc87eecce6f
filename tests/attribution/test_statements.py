import pytest

from stance.attribution.spans import Attribution
from stance.attribution.statements import statements_of
from stance.attribution.textview import view_of
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


def test_an_aside_is_no_part_of_what_is_said() -> None:
    text = "If they wanted a fight, he warned, the army was ready."
    one = statement(text, ["If they wanted a fight", "the army was ready"], "warned", "he")
    assert (one.speech, one.text) == (Speech.INDIRECT, "If they wanted a fight the army was ready")
    text = "The plan, drafted in May, was rejected by Moscow."
    one = statement(text, ["The plan, drafted in May,"], "was rejected", "Moscow")
    assert (one.speech, one.text) == (Speech.ACT, "The plan, drafted in May, was rejected")


def test_an_act_has_no_hole_behind_its_cue() -> None:
    text = "The groups called on all parties to extend the truce."
    one = statement(text, ["to extend the truce"], "called on all", "The groups")
    assert one.text == "called on all parties to extend the truce"
    text = "He blamed what the army called acts of hostility."
    one = statement(text, ["what", "acts of hostility"], "called", "the army")
    assert one.text == "called acts of hostility"


def test_a_verb_that_does_what_it_says_is_an_act() -> None:
    for cue, content in (
        ("declared", "a ceasefire"),
        ("described", "the round as useful"),
        ("asked for", "patience"),
    ):
        one = statement(f"The group {cue} {content}.", [content], cue, "The group")
        assert (one.speech, one.text) == (Speech.ACT, f"{cue} {content}")
    one = statement(
        "The group announced talks would go on.", ["talks would go on"], "announced", ""
    )
    assert (one.speech, one.text) == (Speech.INDIRECT, "talks would go on")


def test_a_quoted_part_of_an_act_keeps_its_cue() -> None:
    one = statement("Kyiv rejected “any direct talks”.", ["“any direct talks”"], "rejected", "Kyiv")
    assert (one.speech, one.text) == (Speech.MIXED, "rejected “any direct talks”")
    one = statement("Kyiv warned: “We will go.”", ["“We will go.”"], "warned", "Kyiv")
    assert (one.speech, one.text) == (Speech.DIRECT, "“We will go.”")
    one = statement("Kyiv said “no more talks”.", ["“no more talks”"], "said", "Kyiv")
    assert (one.speech, one.text) == (Speech.DIRECT, "“no more talks”")


def test_speech_in_single_marks_is_direct() -> None:
    text = "‘We’re ready to talk, but we won’t beg,’ said Omar Khalid."
    one = statement(text, ["‘We’re ready to talk, but we won’t beg,’"], "said", "Omar Khalid")
    assert one.speech is Speech.DIRECT
    one = statement("He said talks were 'a trap'.", ["talks were 'a trap'"], "said", "He")
    assert one.speech is Speech.MIXED


def test_metadata_is_no_context() -> None:
    text = "Title: No talks\nSource: Wire\n\nThe army said so. Note: Kyiv said it would come."
    assert statement(text, ["so"], "said", "The army").context == "The army said"
    assert (
        statement(text, ["it would"], "said", "Kyiv").context == "The army said so. Note: Kyiv said"
    )
    text = "Background: The army left the talks. Kyiv said it would come."
    assert statement(text, ["it would"], "said", "Kyiv").context == (
        "Background: The army left the talks. Kyiv said"
    )


def test_a_verb_that_is_all_that_was_done_is_an_act() -> None:
    text = "The generals said no. Comrade Asal accepted."
    one = statement(text, ["said no"], "said", "The generals")
    assert (one.speech, one.text, one.speaker) == (Speech.ACT, "said no", "The generals")
    two = statement(text, ["accepted"], "accepted", "Comrade Asal")
    assert (two.speech, two.text) == (Speech.ACT, "accepted")
