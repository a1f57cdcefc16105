"""Rules: which row of letters (tokens.py, words.py) is which figure."""

import re
from dataclasses import dataclass
from functools import lru_cache

CASES = frozenset("件起宗例")
PAPERS = frozenset("件份个部")
PEOPLE = frozenset("人名位")
CONTRACTS = frozenset("件份个项宗")


@dataclass(frozen=True)
class Rule:
    """One figure: what it counts, and the clauses that state it."""

    meaning: str
    topic: str  #: the object, a letter of words.OBJECTS
    #: (letters of the clause, whether the object was named in an earlier one, rank): a higher rank is a lesser reading
    forms: tuple[tuple[str, bool, int], ...]
    units: frozenset[str]
    subjects: str  #: letters of words.SUBJECTS that may do it


def _forms(verb: str, thing: str, rank: int = 0) -> tuple[tuple[str, bool, int], ...]:
    """Return the clauses of a verb and its object: 受理复议案件N件, 复议案件受理N件, 受理N件复议案件, 对N件复议案件受理."""
    return (
        (rf"{verb}n?{thing}n?N|{thing}n?{verb}n?N|{verb}N{thing}|N{thing}{verb}", False, rank),
        (rf"{verb}n?N|{verb}Nn|n{verb}N", True, rank),
    )


#: Name -> what it is. The names are a closed list: columns, documents and pages show them.
RULES: dict[str, Rule] = {
    "行政复议收到": Rule("applications for reconsideration received (收到, 新收)", "F", _forms("r", "F"), CASES, "14H"),
    "行政复议受理": Rule("applications accepted (受理, 立案)", "F", _forms("a", "F"), CASES, "14H"),
    "行政复议审结": Rule("cases concluded (审结, 办结, 结案)", "F", _forms("c", "F"), CASES, "14H"),
    "行政复议纠正": Rule(
        "cases in which the act was corrected (纠错; 撤销、变更、确认违法 together)",
        "F",
        (*_forms("p?k", "F"), *_forms("j", "F", 1)),
        CASES,
        "134H",
    ),
    "行政诉讼案件": Rule(
        "suits against the government and its bodies, of every instance where that is told, else of the first; concluded ones "
        "where nothing else is told",
        "L",
        (*_forms("[rahe]", "L"), ("Ln?N", False, 0), ("e?NL", False, 0), *_forms("c", "L", 1)[:1]),
        CASES,
        "23",
    ),
    "行政诉讼败诉": Rule("suits that were lost (败诉)", "L", _forms("y", "L"), CASES, "23"),
    "负责人出庭率": Rule(
        "share of hearings that heads of the sued bodies attended, in %", "L", (("L?oR", False, 0),), frozenset("%"), "123"
    ),
    "规范性文件制定": Rule("normative documents made (制定, 出台, 印发)", "D", _forms("w", "D"), PAPERS, "1"),
    "规范性文件审查": Rule(
        "normative documents, or drafts, reviewed for legality",
        "D",
        (*_forms("v", "D"), ("hDvN", False, 0)),
        PAPERS,
        "14",
    ),
    "规范性文件备案": Rule("normative documents filed with those above (报备, 报送备案)", "D", _forms("b", "D"), PAPERS, "1"),
    "行政执法人员": Rule(
        "persons with the right to enforce; those with a certificate where no total is told",
        "E",
        (("e?Ee?N|eNE|NEe", False, 0),),
        PEOPLE,
        "3",
    ),
    "行政处罚": Rule(
        "administrative penalties imposed, or their cases",
        "P",
        (*_forms("[hcp]", "P")[:1], ("PN", False, 0), *_forms("a", "P", 1)[:1]),
        CASES,
        "3",
    ),
    "合同审查": Rule(
        "contracts and agreements reviewed", "K", (*_forms("v", "K"), ("hKvN", False, 0)), frozenset("件份个项宗"), "134"
    ),
    "调解": Rule(
        "disputes that people's mediation took up (受理, 调解); those it settled where nothing else is told",
        "M",
        (
            ("m(?:a|at)Mn?N|m?amMn?N|mt?nN|m?amnN|man?N|mN", False, 0),
            ("m?tm?Mn?N|mtN|m?tNM|Mm?tn?N|mtnN", False, 1),
            ("tn?N", True, 1),
            ("m?zMn?N|m?zNM|mzn?N|md[Mn]N|mdNM", False, 2),
        ),
        CASES,
        "46",
    ),
    "调解成功率": Rule(
        "share of mediated disputes that were settled, in %", "M", (("m?M?t?sR", False, 0),), frozenset("%"), "6"
    ),
    "法律援助": Rule(
        "cases of legal aid taken up (办理, 受理); concluded ones where nothing else is told",
        "G",
        (
            ("[ah]GN|Gn?[ah]n?N|[ah]NG|NG[ah]|Gn?N", False, 0),
            ("[ah]n?N|[ah]Nn", True, 0),
            ("[arh]GnN", False, 1),
            *_forms("[cr]", "G", 1)[:1],
        ),
        CASES,
        "45H",
    ),
}


@dataclass(frozen=True)
class Form:
    """A rule that a clause fits."""

    name: str
    carried: bool
    rank: int


@lru_cache(maxsize=4096)
def fitting(clause: str) -> tuple[Form, ...]:
    """Return the forms whose letters are exactly those of a clause."""
    if "X" in clause:
        return ()
    return tuple(
        Form(name, carried, rank)
        for name, rule in RULES.items()
        for pattern, carried, rank in rule.forms
        if re.fullmatch(pattern, clause)
    )
