from stance.attribution.coordinated import without_parts
from stance.attribution.textview import view_of
from tests.attribution.placing import attribution

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
