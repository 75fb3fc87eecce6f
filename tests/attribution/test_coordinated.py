from stance.attribution.coordinated import with_subjects, without_parts
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of
from tests.attribution.placing import attribution, spans

TEXT = "Norway stood ready to help and offered Oslo as a venue."


def test_the_second_half_of_an_act_is_no_statement_of_its_own() -> None:
    whole = attribution(TEXT, "to help and offered Oslo as a venue", "stood ready", "Norway")
    part = attribution(TEXT, "Oslo as a venue", "offered", "Norway")
    assert without_parts(view_of(TEXT), [whole, part]) == [whole]
    first = attribution(TEXT, "to help", "stood ready", "Norway")
    assert without_parts(view_of(TEXT), [first, part]) == [first, part]


def test_what_is_said_besides_stays() -> None:
    text = "Norway stood by and said that Oslo was free, but offered nothing."
    whole = attribution(text, "by and said that Oslo was free, but offered nothing", "stood", "Nor")
    said = attribution(text, "Oslo was free, but offered nothing", "said", "Nor")
    offered = attribution(text, "nothing", "offered", "Nor")
    assert without_parts(view_of(text), [whole, said, offered]) == [whole, said, offered]


def test_what_a_participle_opens_is_of_the_subject_behind_it() -> None:
    text = "Noting that the war was lost, Guo said all should talk."
    said = attribution(text, "all should talk", "said", "Guo")
    noted = Attribution(spans(text, "that the war was lost"), spans(text, "Noting")[0], ())
    assert with_subjects(view_of(text), [noted, said])[0].source == said.source
    away = text.replace("lost, Guo", "lost, as ever, Guo")
    said = attribution(away, "all should talk", "said", "Guo")
    assert with_subjects(view_of(away), [noted, said])[0].source == ()
