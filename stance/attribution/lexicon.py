"""The few word lists that attribution needs, each with what it decides."""

__all__ = [
    "FEMALE_WORDS",
    "FIRST_PERSON",
    "FUNCTION_WORDS",
    "MALE_WORDS",
    "PLAIN_CUES",
    "PLURAL_PRONOUNS",
    "ROLE_MODIFIERS",
    "ROLE_NOUNS",
    "SINGULAR_PRONOUNS",
    "word_set",
]


def word_set(text: str) -> frozenset[str]:
    """The words of a text that is a list of words, as a set."""
    return frozenset(text.split())


PLAIN_CUES = word_set(
    """
    say says said saying tell tells told telling add adds added adding state states stated
    stating write writes wrote written writing tweet tweets tweeted post posts posted ask
    asks asked asking reply replies replied answer answers answered respond responds
    responded explain explains explained note notes noted noting remark remarks remarked
    comment comments commented continue continues continued report reports reported announce
    announces announced argue argues argued claim claims claimed declare declares declared
    mention mentions mentioned observe observes observed recall recalls recalled conclude
    concludes concluded think thinks thought believe believes believed suggest suggests
    suggested quote quoted according reads read put puts recount recounted describe
    described know knows knew show shows showed shown find finds found
    """
)
"""Cues that only say that something was said: the content alone is the statement. Any other
cue ("dismissed", "urged", "hope") carries part of the stance and belongs to the statement."""

SINGULAR_PRONOUNS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
"""Pronouns for one person, with the gender that they tell."""

PLURAL_PRONOUNS = word_set("they them their it its both")
FIRST_PERSON = word_set("i we me us my our you who which")

MALE_WORDS = word_set(
    "mr sir king prince lord spokesman chairman congressman father husband son brother"
)
FEMALE_WORDS = word_set(
    """
    ms mrs miss madam queen princess lady spokeswoman chairwoman congresswoman mother wife
    daughter sister
    """
)

ROLE_NOUNS = word_set(
    """
    president premier chancellor minister secretary spokesman spokeswoman spokesperson
    ambassador envoy chief leader chairman chairwoman chair director commander general
    governor mayor senator lawmaker adviser advisor official diplomat analyst expert
    professor mediator negotiator commissioner coordinator head delegate representative
    candidate king prince pope archbishop deputy author economist historian activist lawyer
    attorney reporter
    """
)
"""Nouns that stand before a name as its role: "embassy spokesman Liu Pengyu"."""

ROLE_MODIFIERS = ROLE_NOUNS | word_set(
    """
    embassy ministry foreign defence defense interior justice government military army police navy
    security intelligence state presidential parliamentary opposition ruling party rebel peace
    deputy vice former acting senior top special chief press regional federal national district
    """
)
"""Words in small letters that may stand before such a noun: "foreign ministry spokeswoman"."""

FUNCTION_WORDS = word_set(
    """
    a an the this that these those and or but if as at by for from in into of on onto over
    to with about after before during between under while when where who whom whose which
    what why how than then so nor yet is was are were be been being has have had do does did
    will would can could may might must shall should not no he she it they we i you his her
    its their our my your said says told earlier later also even still only just some many
    most all both each every
    """
)
"""Words that no name starts with, and that no role before a name holds."""
