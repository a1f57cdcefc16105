"""Indicators: the figures of invented reports, each with its sentence, and none where the number is of something else."""

import re

import pytest
from gold import PASSAGES, figures, given_with
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.indicators import RULES, indicators
from archive.schema import TABLES
from cleaning.document import Section

TEXT = (
    "2024年，望川县法治政府建设情况如下。\n一、主要工作\n"
    "（一）全县持证行政执法人员1,026名，作出行政处罚1.61万件。培训行政执法人员300人次。\n"
    "全年收到行政复议申请124件，受理113件，办结108件，其中纠错13件，调解结案42件；"
    "一审行政诉讼结案121件，败诉10件，败诉率8.3%，行政机关负责人出庭应诉率97.5%。\n"
    "制定行政规范性文件7件，报送备案7件，审查规范性文件9件、合同168份。\n"
    "人民调解受理纠纷302余件，成功率99.3%。受理法律援助案件1363件。\n"
    "三、2025年工作计划\n"
    "力争行政诉讼败诉率降到8%、负责人出庭率达到100%，审查合同200份。"
)
WANTED = {
    "行政执法人员": (1026, "名", "1,026"),
    "行政处罚": (16100, "件", "1.61万"),
    "行政复议收到": (124, "件", "124"),
    "行政复议受理": (113, "件", "113"),
    "行政复议审结": (108, "件", "108"),
    "行政复议纠正": (13, "件", "13"),
    "行政诉讼案件": (121, "件", "121"),
    "行政诉讼败诉": (10, "件", "10"),
    "负责人出庭率": (97.5, "%", "97.5"),
    "规范性文件制定": (7, "件", "7"),
    "规范性文件备案": (7, "件", "7"),
    "规范性文件审查": (9, "件", "9"),
    "合同审查": (168, "份", "168"),
    "调解": (302, "件", "302"),
    "调解成功率": (99.3, "%", "99.3"),
    "法律援助": (1363, "件", "1363"),
}


def said(text, **known):
    """Return {name: (value, unit, number as printed)}."""
    return {f.name: (f.value, f.unit, text[f.start : f.end]) for f in indicators(text, **known)}


def test_figures_with_their_sentences():
    found = indicators(TEXT)
    assert said(TEXT) == WANTED
    assert WANTED.keys() == RULES.keys()
    assert [f.start for f in found] == sorted(f.start for f in found)
    for figure in found:
        assert figure.sentence in TEXT
        assert TEXT[figure.start : figure.end] in figure.sentence
        assert 0 < figure.confidence <= 1


def test_a_figure_is_a_row_of_the_table():
    (figure, *_) = indicators(TEXT)
    assert {"report_id", *vars(figure)} == set(TABLES["indicators"].columns)


@pytest.mark.parametrize("item", PASSAGES, ids=lambda item: item.get("about") or item["text"][:24])
def test_gold(item):
    wanted = {name: (value, unit, printed) for name, (printed, value, unit) in figures(item).items()}
    assert said(item["text"], **given_with(item)) == wanted


def test_gold_is_large_enough():
    numbers = sum(
        len(re.findall(r"[\d０-９]+(?:[.,，][\d０-９]+)*|[一二三四五六七八九十百两]+[余多]?[件份起名宗]", p["text"]))
        for p in PASSAGES
    )
    true = sum(len(figures(item)) for item in PASSAGES)
    assert len(PASSAGES) >= 40
    assert true >= 250
    assert numbers - true >= 250
    assert {name for item in PASSAGES for name in figures(item)} == RULES.keys()


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("全县共受理行政复议案件35件。", 0.95),
        ("完善行政复议机制，共受理35件。", 0.9),
        ("受理、审结行政复议案件分别为35件、30件。", 0.9),
        ("（一）行政复议工作。全年受理案件35件。", 0.85),
        ("全县行政诉讼案件审结35件。", 0.85),
        ("全县共受理行政复议案件35余件。", 0.8),
        ("全县共受理行政复议案件约35件。", 0.8),
    ],
)
def test_confidence_falls_with_what_is_less_sure(text, confidence):
    assert indicators(text)[0].confidence == confidence


def test_the_year_reported_on_is_known_or_found():
    text = "2023年受理行政复议案件35件，2024年受理行政复议案件41件。"
    assert said(text, year=2023)["行政复议受理"][0] == 35
    assert said(text, year=2024)["行政复议受理"][0] == 41
    assert said(text, year=2022) == {}
    assert said(f"2024年，全县推进法治政府建设。2024年成效明显。\n{text}")["行政复议受理"][0] == 41


def test_the_issuer_is_told_from_other_bodies():
    text = "县农业农村局办理行政处罚案件45件。望川县水利局办理行政处罚案件12件。"
    assert said(text) == {}
    assert said(text, issuer="望川县农业农村局")["行政处罚"][0] == 45
    assert said(text, issuer="望川县水利局")["行政处罚"][0] == 12
    assert said(text, issuer="望川县人民政府") == {}


@pytest.mark.parametrize(
    ("issuer", "value"),
    [("云州市人民政府", 98), ("云州市望川县人民政府", 100), ("望川县青禾镇人民政府", None), ("云州市司法局", 98)],
)
def test_the_issuers_own_area(issuer, value):
    text = "全省行政机关负责人出庭应诉率93%。全市行政机关负责人出庭应诉率98%。全县行政机关负责人出庭应诉率100%。"
    assert said(text, issuer=issuer).get("负责人出庭率", (None,))[0] == value


def test_plans_are_left_out_with_the_sections_that_are_given():
    text = "全年审查合同35份。\n明年审查合同45份。\n审查合同35份。"
    plan = Section(position=0, kind="plan", depth=1, number="", heading="", text=text, start=0, end=len(text))
    assert said(text)["合同审查"][0] == 35
    assert said(text, sections=[plan]) == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("受理行政复议案件35件。审结后，全县共受理行政复议案件35件。", 35),
        ("镇里受理行政复议案件3件，全县共受理行政复议案件35件。", 35),
        ("受理行政复议案件3件。全县受理行政复议案件35件。", 35),
        ("受理行政复议案件3件。受理行政复议案件35件。", None),
        ("全县受理行政复议案件3件。全县受理行政复议案件35件。", None),
        ("市本级受理行政复议案件3件。受理行政复议案件35件。", 35),
    ],
)
def test_of_several_the_whole_or_none(text, value):
    assert said(text).get("行政复议受理", (None,))[0] == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "。。。",
        "件",
        "%",
        "受理行政复议案件",
        "1" * 400 + "件",
        "（" * 50 + "受理行政复议案件" + "）" * 50,
        "\t\t1件",
    ],
)
def test_odd_texts(text):
    assert indicators(text) == []


@pytest.mark.parametrize("item", [item for item in PASSAGES if "about" in item][::6], ids=lambda item: item["about"])
def test_widths_and_spaces_change_nothing(item):
    known, text = given_with(item), item["text"]
    wide = text.translate(str.maketrans("0123456789,%", "０１２３４５６７８９，％"))
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[件份名人起宗])", " ", text)
    for changed in (wide, spaced):
        assert {n: v[:2] for n, v in said(changed, **known).items()} == {n: v[:2] for n, v in said(text, **known).items()}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([s for item in PASSAGES for s in re.findall(r"[^。！\n]+[。！\n]", item["text"])]), max_size=12)
)
def test_of_any_sentences(sentences):
    text = "".join(sentences)
    found = indicators(text)
    assert len({f.name for f in found}) == len(found)
    for figure in found:
        assert text[figure.start - 1 : figure.end + 2].strip()
        at = text.index(figure.sentence, max(0, figure.start - len(figure.sentence)))
        assert at <= figure.start < figure.end <= at + len(figure.sentence)
        assert figure.unit in RULES[figure.name].units
        assert figure.value <= 100 or figure.unit != "%"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="行政复议受理审结件12３,，。；（）的全县2024年百分之率%、共\t\n ", max_size=60))
def test_never_raises(text):
    for figure in indicators(text):
        assert figure.sentence in text
