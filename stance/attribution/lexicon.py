"""The few word lists that attribution needs, each with what it decides."""

import re

__all__ = [
    "ADDRESSEES",
    "FEMALE_WORDS",
    "FIRST_PERSON",
    "FUNCTION_WORDS",
    "GROUPS",
    "MALE_WORDS",
    "ORGANISATION_NOUNS",
    "OUTSIDE_NAMES",
    "PARTY_PRONOUNS",
    "PLACES",
    "PLAIN_CUES",
    "PRONOUNS",
    "REFUSING_CUES",
    "RELATIVES",
    "ROLE_MODIFIERS",
    "ROLE_NOUNS",
    "SINGULAR_PRONOUNS",
    "SURNAMES_LIKE_PLACES",
    "TITLES",
    "has_plain_cue",
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

_WORD = re.compile(r"[^\W\d_]+")


def has_plain_cue(words: str) -> bool:
    """Whether one of some words only says that something was said."""
    return not PLAIN_CUES.isdisjoint(word.lower() for word in _WORD.findall(words))


REFUSING_CUES = re.compile(
    r"""(?ix) \b (?: not | never | no | none | nothing | nobody | neither | nor | cannot | without
    | hardly | barely | against | stop (?:s|ped)? \s short | fail (?:s|ed|ing|ure)?
    | (?:declin | refus | reject | dismiss | denounc | disput | contradict | disagre | doubt
        | rebuff | rebut | refut | repudiat | disavow | disown | renounc | ridicul | scoff
        | discount | ignor | avoid | evad | dodg | sidestep | withh) \w*
    | deny | denie[sd] | denying | denials?
    | rul (?:e|es|ed|ing) \s out | (?:brush|shrug|laugh|wav|play) \w* \s (?:off|aside|down)
    ) \b | n['\u2019]t \b"""
)
"""Cues that take back or refuse what a plain verb beside them says: "declined to comment on"."""

SINGULAR_PRONOUNS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
"""Pronouns for one person, with the gender that they tell."""

PARTY_PRONOUNS = word_set("they them their it its both")
"""Pronouns for several people, or for a body."""

FIRST_PERSON = word_set("i we me us my our")
ADDRESSEES = word_set("you your")
RELATIVES = word_set("who which")
PRONOUNS = SINGULAR_PRONOUNS.keys() | PARTY_PRONOUNS | FIRST_PERSON | ADDRESSEES | RELATIVES

MALE_WORDS = word_set(
    "mr sir king prince lord spokesman chairman congressman father husband son brother"
)
FEMALE_WORDS = word_set(
    """
    ms mrs miss madam queen princess lady spokeswoman chairwoman congresswoman mother wife
    daughter sister smt
    """
)

ROLE_NOUNS = word_set(
    """
    president premier chancellor minister secretary spokesman spokeswoman spokesperson
    ambassador envoy chief leader chairman chairwoman chair director commander general
    governor mayor senator lawmaker adviser advisor official diplomat analyst expert
    professor mediator negotiator commissioner coordinator head delegate representative
    candidate king prince pope archbishop deputy author economist historian activist lawyer
    attorney reporter aide
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

_SENTENCE_ADVERBS = word_set(
    """
    meanwhile however yesterday today tomorrow tonight instead perhaps maybe nevertheless
    nonetheless moreover furthermore besides afterward afterwards thus hence therefore otherwise
    though although because since unless until whether amid among against despite following
    without within inside across around beyond unlike per upon again soon here there once never
    always often sometimes elsewhere overnight thereafter regardless asked absent yes too
    visiting speaking citing quoting now next recently
    """
)
"""Words that open a sentence with a capital and belong to no name: "Meanwhile Beijing"."""

_CALENDAR_WORDS = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march july
    september october november december spring summer autumn winter
    """
)
"""Days and months that are nobody's name; April, May, June and August may be."""

OUTSIDE_NAMES = FUNCTION_WORDS | _SENTENCE_ADVERBS | _CALENDAR_WORDS
"""Words that end a name, or the role before it, even with a capital."""

TITLES = (
    MALE_WORDS
    | FEMALE_WORDS
    | ROLE_NOUNS
    | word_set(
        """
    dr gen sen rep gov lt col maj capt sgt adm brig cmdr prof rev hon pm mp colonel major
    captain lieutenant brigadier admiral marshal sergeant judge justice congressman speaker
    sheikh sultan emir ayatollah imam rabbi bishop cardinal patriarch pastor reverend
    monsignor abbot venerable ven mullah maulana haji comrade
    treasurer attorney counsel lady
    """
    )
)
"""Words that stand before a person's name and are no part of it."""

ORGANISATION_NOUNS = word_set(
    """
    ministry government embassy agency army committee council union party group office officials
    sources leaders rebels diplomats house department countries states forces nations
    authorities media report statement study survey poll polls company news church bank
    university institute research center centre association society foundation fund court
    congress parliament senate assembly commission federation league front movement corps police
    navy times journal network campaign program programme project act workers street county city
    press inc corp corporation brigade brigades club school college coalition alliance bloc
    treaty agreement deal conference summit accord tribunal republic kingdom emirates
    organisation organization mission delegation team militia junta cabinet board service staff
    side sides opposition state command bureau administration faction letter paper newspaper
    document documents data figures order video book article draft text
    """
)
"""Nouns that no single person is: organisations, groups, places and documents."""

GROUPS = word_set(
    """
    hamas hezbollah hizbollah hizbullah fatah taliban houthi houthis isis isil daesh al-shabaab
    al-qaeda m23 boko haram jihad farc eln pkk rsf saf plo nato asean ecowas igad opec osce
    kremlin vatican pentagon knesset bundestag duma interpol unicef reuters jazeera bbc cnn tass
    xinhua israelis saudis iraqis pakistanis turks kurds afghans germans poles serbs croats arabs
    jews swiss british french irish dutch
    """
)
"""Names of one word that are a group's, an institution's or a people's."""

PLACES = word_set(
    """
    afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan
    bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia bosnia
    herzegovina botswana brazil brunei bulgaria burundi cambodia cameroon canada verde chad
    chile china colombia comoros congo rica croatia cuba cyprus czechia denmark djibouti
    dominica ecuador egypt salvador eritrea estonia eswatini ethiopia fiji finland france gabon
    gambia georgia germany ghana greece grenada guatemala guinea guinea-bissau guyana haiti
    honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan
    kazakhstan kenya kiribati korea kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia
    libya liechtenstein lithuania luxembourg madagascar malawi malaysia maldives mali malta
    mauritania mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique
    myanmar burma namibia nauru nepal netherlands holland zealand nicaragua niger nigeria
    macedonia norway oman pakistan palau palestine panama paraguay peru philippines poland
    portugal qatar romania russia rwanda samoa arabia senegal serbia seychelles leone singapore
    slovakia slovenia somalia somaliland africa spain lanka sudan suriname sweden switzerland
    syria taiwan tajikistan tanzania thailand timor-leste togo tonga tunisia turkey türkiye
    turkiye turkmenistan tuvalu uganda ukraine emirates britain england scotland wales u.s u.k
    u.n e.u u.a.e uk uae usa america uruguay uzbekistan vanuatu venezuela vietnam yemen
    zambia zimbabwe ussr europe asia eurasia oceania antarctica balkans caucasus sahel maghreb
    baltics kabul tirana algiers luanda yerevan canberra vienna baku manama dhaka minsk brussels
    sarajevo brasilia brasília sofia ouagadougou phnom penh yaounde ottawa bangui n'djamena
    santiago beijing bogota bogotá kinshasa brazzaville zagreb havana nicosia prague copenhagen
    quito cairo asmara tallinn addis ababa helsinki paris libreville banjul tbilisi berlin accra
    athens conakry bissau port-au-prince tegucigalpa budapest reykjavik delhi jakarta tehran
    baghdad dublin jerusalem rome tokyo amman astana nairobi pristina bishkek vientiane riga
    beirut maseru monrovia tripoli vilnius antananarivo lilongwe lumpur bamako nouakchott
    chisinau ulaanbaatar podgorica rabat maputo naypyidaw windhoek kathmandu amsterdam
    wellington managua niamey abuja pyongyang skopje oslo muscat islamabad ramallah lima manila
    warsaw lisbon doha bucharest moscow kigali riyadh dakar belgrade freetown bratislava
    ljubljana mogadishu pretoria seoul juba madrid colombo khartoum stockholm bern damascus
    taipei dushanbe bangkok lome tunis ankara ashgabat kampala kyiv kiev dhabi london washington
    montevideo tashkent caracas hanoi sanaa sana'a lusaka harare geneva istanbul jeddah gaza
    aviv dubai sharjah aden hodeidah aleppo idlib homs mosul erbil basra benghazi misrata darfur
    tigray mekelle goma bukavu donetsk luhansk donbas crimea kharkiv odesa odessa mariupol
    kherson lviv petersburg sochi munich frankfurt hamburg bonn davos zurich lausanne strasbourg
    hague rotterdam milan venice barcelona catalonia york angeles francisco chicago texas
    california florida ohio virginia carolina dakota jersey hampshire kashmir mumbai karachi
    lahore kandahar herat shanghai hong kong macau tibet xinjiang karabakh nagorno-karabakh
    abkhazia ossetia transnistria kurdistan rakhine mindanao aceh bank strip heights valley sea
    ocean gulf peninsula island islands river lake desert coast east west north south
    """
)
"""Countries, capitals and a few other places, by the last word of their names: none of them
is a person, and none is short for a longer name ("Sudan" for "South Sudan")."""

SURNAMES_LIKE_PLACES = word_set(
    """
    jordan chad georgia israel ireland england london paris france sofia washington west north
    east lake bank wales holland wellington santiago salvador york lima
    """
)
"""Places that may be a person's last word: people, where a role or a first name says so."""
