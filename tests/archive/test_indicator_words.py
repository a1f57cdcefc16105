"""Numbers, words and phrases that the indicators are read with."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.indicators.numbers import NUMBER, number
from archive.indicators.phrases import PHRASES
from archive.indicators.rules import RULES, fitting
from archive.indicators.tokens import tokens
from archive.indicators.words import SUBJECTS, THINGS, VERBS, classes

SIGNS = "零一二三四五六七八九"


def chinese(n):
    """Write a number below 100,000,000 in Chinese numerals."""
    if n >= 10_000:
        rest = n % 10_000
        return chinese(n // 10_000) + "万" + ("" if not rest else ("零" if rest < 1000 else "") + chinese(rest))
    written, gap = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            written += ("零" if gap and written else "") + SIGNS[digit] + sign
            gap = False
        else:
            gap = True
    return written


@given(st.integers(1, 99_999_999))
def test_chinese_numerals(n):
    match = re.compile(NUMBER).fullmatch(chinese(n) + "件")
    assert number(match).value == n


@pytest.mark.parametrize(
    ("text", "value", "unit", "printed", "about"),
    [
        ("1,284件", 1284, "件", "1,284", False),
        ("1.61万件", 16100, "件", "1.61万", False),
        ("1.61万余件", 16100, "件", "1.61万", True),
        ("302余件", 302, "件", "302", True),
        ("3千多件", 3000, "件", "3千", True),
        ("近300份", 300, "份", "300", True),
        ("约300人", 300, "人", "300", True),
        ("300件左右", 300, "件", "300", True),
        ("98.5%", 98.5, "%", "98.5", False),
        ("百分之九十五", 95, "%", "九十五", False),
        ("百分之九十八点五", 98.5, "%", "九十八点五", False),
        ("百分之95", 95, "%", "95", False),
        ("百分之百", 100, "%", "百", False),
        ("十五件", 15, "件", "十五", False),
        ("两件", 2, "件", "两", False),
        ("三十余件", 30, "件", "三十", True),
        ("零件", 0, "件", "零", False),
    ],
)
def test_numbers(text, value, unit, printed, about):
    read = number(re.compile(NUMBER).fullmatch(text))
    assert (read.value, read.unit, text[read.start : read.end], read.about) == (value, unit, printed, about)


@pytest.mark.parametrize(
    "text",
    [
        "45件次",
        "45人次",
        "95%以上",
        "300件以上",
        "30-40件",
        "30—40件",
        "30至40件",
        "数十件",
        "上百件",
        "近百件",
        "3个百分点",
        "一件事",
        "百件",
        "45",
        "12345热线",
        "187个人民调解委员会",
    ],
)
def test_what_is_no_plain_number(text):
    assert not [token for token in tokens(text, 0, len(text), None, -1) if token.number]


@pytest.mark.parametrize(("kind", "signs", "phrase"), PHRASES, ids=lambda part: None)
def test_phrases_begin_with_the_signs_that_are_given(kind, signs, phrase):
    begun = set()

    @settings(max_examples=80, deadline=None, database=None)
    @given(st.from_regex(re.compile(re.sub(r"\(\?[!=<][^()]*(?:\([^()]*\)[^()]*)*\)", "", phrase), re.ASCII), fullmatch=True))
    def check(text):
        begun.add(text[0])

    check()
    assert begun <= set(signs)


def test_every_letter_of_a_rule_is_a_class():
    known = set(classes().values()) | {kind for kind, _, _ in PHRASES} | {"N", "R"}
    assert set(THINGS + VERBS + SUBJECTS) <= known
    for rule in RULES.values():
        assert rule.topic in THINGS
        assert set(rule.subjects) <= set(SUBJECTS)
        for letters, _, _ in rule.forms:
            assert set(re.findall("[A-Za-z]", letters)) <= known, letters


@pytest.mark.parametrize(
    ("letters", "names"),
    [("aFN", {"行政复议受理"}), ("XaFN", set()), ("aFlLN", set()), ("vN", {"规范性文件审查", "合同审查"}), ("", set())],
)
def test_forms_take_the_whole_clause(letters, names):
    assert {form.name for form in fitting(letters)} == names


def test_the_longest_word_is_taken():
    assert classes()["行政复议"] == "F"
    text = "行政复议机关不予受理行政复议意见书"
    assert [token.kind for token in tokens(text, 0, len(text), None, -1)] == ["H", "X", "Z"]
