from stance.attribution.spans import bounds
from stance.attribution.statements import statements_of
from stance.attribution.textview import view_of
from stance.attribution.transcripts import questions_of, transcript_turns, with_turns
from stance.records import Speech
from tests.attribution.placing import attribution


def test_transcript() -> None:
    text = "HOST: Will you come?\n\nMARIA LOPEZ: We will.\n\nAnd soon.\n\nHOST: Thank you."
    view = view_of(text)
    turns = transcript_turns(view)
    statements = statements_of(text, view, with_turns(view, [], turns))
    assert [(s.speaker, s.text) for s in statements] == [
        ("HOST", "Will you come?"),
        ("MARIA LOPEZ", "We will. And soon."),
        ("HOST", "Thank you."),
    ]
    assert {s.speech for s in statements} == {Speech.DIRECT}


def test_prose_is_no_transcript() -> None:
    text = "Note: the talks failed.\n\nNobody came.\n\nThe minister said: We will see."
    assert transcript_turns(view_of(text)) == []


def turns_of(text: str) -> list[tuple[str, str]]:
    return [
        (text[slice(*turn.source[0])], " ".join(text[slice(*piece)] for piece in turn.content))
        for turn in transcript_turns(view_of(text))
    ]


def test_letters_that_come_again_label_questions_and_answers() -> None:
    assert turns_of("Q: Will you go?\nA: No.\nQ: Why?\nA: It is a trap.") == [
        ("Q", "Will you go?"),
        ("A", "No."),
        ("Q", "Why?"),
        ("A", "It is a trap."),
    ]
    assert turns_of("Q  Will you go?\nTHE PRESIDENT: No.\nQ  Why?\nTHE PRESIDENT: Next.") == [
        ("Q", "Will you go?"),
        ("THE PRESIDENT", "No."),
        ("Q", "Why?"),
        ("THE PRESIDENT", "Next."),
    ]
    assert turns_of("A: One option.\nB: Another option.\nC: A third one.") == []


def test_an_interview_in_an_article() -> None:
    prose = [f"On day {day} the delegates met again and nothing came of it." for day in range(20)]
    asked = ["Q: Will you go?", "A: No.", "Q: Why?", "A: It is a trap."]
    turns = [("Q", "Will you go?"), ("A", "No."), ("Q", "Why?"), ("A", "It is a trap.")]
    assert turns_of("\n\n".join([*prose, *asked, *prose])) == turns
    assert turns_of("\n\n".join([*prose, *asked[:3], *prose])) == []
    assert turns_of("\n\n".join([*prose, *asked[:2], *prose, *asked[2:]])) == []


def test_a_list_of_reactions_is_no_turn() -> None:
    text = (
        "Hakan Fidan: “We will do our part.”\nKing Abdullah: “Good.”\nPope Leo: “May it last.”\n"
        "Ursula Lind, president of the Commission: “I welcome it.”"
    )
    assert turns_of(text) == [
        ("Hakan Fidan", "“We will do our part.”"),
        ("King Abdullah", "“Good.”"),
        ("Pope Leo", "“May it last.”"),
    ]


def test_metadata_and_headings_are_nobodys_turns() -> None:
    article = "The army rejected talks on Monday.\n\nIt gave no reason."
    metadata = "Title: Army rejects talks\nAuthor: Jane Doe\nDate: 3 May 2024\nSource: Wire"
    assert turns_of(f"{metadata}\n\n{article}") == []
    assert turns_of(f"Desk: World\nReporter: Jane Doe\nOutlet: Wire\n\n{article}") == []
    headings = "Background: War began.\n\nAnalysis: It failed.\n\nTimeline: In May the army left."
    assert turns_of(headings) == []
    assert (
        turns_of(f"BACKGROUND: It began.\n\nKey Points: None.\n\nWhat Next: Talks.\n\n{headings}")
        == []
    )


def test_metadata_around_a_transcript_is_not_said() -> None:
    header = "PROGRAM: The Hour\nDate: 3 May\nSource: Wire"
    talk = "HOST: Will you come?\n\nMinister: We will.\n\nHOST: Thank you."
    assert turns_of(f"{header}\n\n{talk}\n\nEditing: Jane Doe\n\nThe end.") == [
        ("HOST", "Will you come?"),
        ("Minister", "We will."),
        ("HOST", "Thank you."),
    ]
    assert turns_of("HOST: Come?\nANNA LIND: Yes.\nOMAR KHALID: No.\n\nThe debate was short.") == [
        ("HOST", "Come?"),
        ("ANNA LIND", "Yes."),
        ("OMAR KHALID", "No."),
    ]


def test_of_others_a_turn_has_what_it_quotes() -> None:
    said = 'My party urges talks. The navy says yes. The army says "no".'
    text = f"HOST: Will you?\n\nLIND: {said}\n\nHOST: Thanks."
    view = view_of(text)
    own = attribution(text, "talks.", "urges", "My party")
    told = attribution(text, "yes.", "says", "The navy")
    quoted = attribution(text, '"no".', "says", "The army")
    turns = transcript_turns(view)
    assert with_turns(view, [own, told, quoted], turns) == [*turns[:2], quoted, turns[2]]


def test_a_label_is_no_context() -> None:
    text = "HOST: Welcome. Will you come?\nDR. ANNA LIND: We will.\nAnd soon.\nHOST: When?"
    view = view_of(text)
    statements = statements_of(text, view, transcript_turns(view))
    assert [s.context for s in statements] == [None, "Will you come?", "And soon."]


def _said(text: str) -> list[tuple[str | None, str, str | None]]:
    view = view_of(text)
    turns = transcript_turns(view)
    asked = [bounds(turn.content) for turn in questions_of(view, turns)]
    found = statements_of(text, view, with_turns(view, [], turns), asked)
    return [(s.speaker, s.text, s.context) for s in found]


def test_who_asks_states_nothing() -> None:
    text = (
        "QUESTION: Isn't it pointless to talk to killers? (Laughter.)\n\n"
        "MR. MILLER: I have nothing to add.\n\nQUESTION: Thank you."
    )
    assert _said(text) == [
        ("MR. MILLER", "I have nothing to add.", "Isn't it pointless to talk to killers?")
    ]


def test_who_only_asks_states_nothing() -> None:
    text = "ANNA: Will they come?\n\nSALEH: They will.\n\nANNA: Surely?\n\nSALEH: Who knows?"
    assert [(who, said) for who, said, _ in _said(text)] == [
        ("SALEH", "They will."),
        ("SALEH", "Who knows?"),
    ]
    assert len(_said(text.replace("Surely?", "I doubt it."))) == 4
