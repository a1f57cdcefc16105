"""Indicators: precise numbers with their sentences, and none where the number is of something else."""

import pytest

from archive.indicators import indicators

TEXT = (
    "一、主要工作\n"
    "（一）全县持证行政执法人员1,026名，作出行政处罚1.61万件。培训行政执法人员300人次。\n"
    "全年收到行政复议申请124件，受理113件，办结108件，其中纠错13件，调解结案42件；"
    "一审行政诉讼结案121件，败诉10件，败诉率8.3%，行政机关负责人出庭应诉率97.5%。\n"
    "制定行政规范性文件7件，报送备案7件，审查合同168份。\n"
    "人民调解受理纠纷302余件，成功率99.3%。受理法律援助案件1363件。\n"
    "2024年，力争行政诉讼败诉率降到8%、负责人出庭率达到100%。近三年累计办理法律援助案件9000件。"
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
    "合同审查": (168, "份", "168"),
    "调解": (302, "件", "302"),
    "调解成功率": (99.3, "%", "99.3"),
    "法律援助": (1363, "件", "1363"),
}


def test_figures_with_their_sentences():
    figures = indicators(TEXT)
    assert {f.name: (f.value, f.unit, TEXT[f.start : f.end]) for f in figures} == WANTED
    for figure in figures:
        assert figure.sentence in TEXT
        assert TEXT[figure.start : figure.end] in figure.sentence
        assert 0 < figure.confidence <= 1
    assert {f.name for f in figures if f.confidence < 0.9} == {"调解"}  # 302余


@pytest.mark.parametrize(
    "text",
    [
        "下一步，确保负责人出庭率达到98%以上。",
        "近五年共受理行政复议案件300件。",
        "约谈出庭应诉率未达到90%的3个单位。",
        "行政诉讼败诉案件数较上年减少2件。",
        "组织培训行政执法人员300名。",
        "负责人出庭应诉率达到120%。",
        "",
    ],
)
def test_nothing_where_it_is_not_said(text):
    assert indicators(text) == []
