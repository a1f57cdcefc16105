"""Sections: headings of every kind, contents by the 2019 rule, offsets that cover the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.document import SECTION_KINDS
from cleaning.sections import split

REPORT = """云溪市委、市政府：
2023年，青禾县深入推进依法行政。现将有关情况报告如下。
一、2023年主要工作和成效
（一）加强党的领导。全年研究法治工作6次。
1.强化学习，开展专题学法。县政府常务会议学法4次。
一是带头学。
2．严格考核。
（二）完善制度，解决突出问题
制定规范性文件3件。
二、存在的问题和不足
基层执法力量薄弱。
三、党政主要负责人履行推进法治建设第一责任人职责情况
县委、县政府主要负责人带头述法。
四、2024年工作计划
(一)强化监督
五、其他需要报告的情况
无。
专此报告。
青禾县人民政府
2024年2月26日"""


def outline(text):
    return [(s.kind, s.depth, s.number, s.heading) for s in split(text)]


def test_a_whole_report():
    assert outline(REPORT) == [
        ("lead", 0, "", ""),
        ("results", 1, "一、", "2023年主要工作和成效"),
        ("results", 2, "（一）", "加强党的领导"),
        ("results", 3, "1.", "强化学习，开展专题学法"),
        ("results", 4, "一是", "带头学"),
        ("results", 3, "2．", "严格考核"),
        ("results", 2, "（二）", "完善制度，解决突出问题"),
        ("problems", 1, "二、", "存在的问题和不足"),
        ("leaders", 1, "三、", "党政主要负责人履行推进法治建设第一责任人职责情况"),
        ("plan", 1, "四、", "2024年工作计划"),
        ("plan", 2, "(一)", "强化监督"),
        ("other", 1, "五、", "其他需要报告的情况"),
        ("signature", 0, "", ""),
    ]
    assert split(REPORT)[-1].text == "专此报告。\n青禾县人民政府\n2024年2月26日"


def test_glued_headings():
    text = (
        "2023年，青禾县依法行政。现报告如下：一、主要工作。（一）抓学习。全年6次。"
        "（二）抓考核。（五）类事项见表。二、存在问题。人手少；四、无。"
    )
    assert outline(text) == [
        ("lead", 0, "", ""),
        ("results", 1, "一、", "主要工作"),
        ("results", 2, "（一）", "抓学习"),
        ("results", 2, "（二）", "抓考核"),
        ("problems", 1, "二、", "存在问题"),
    ]


def test_glued_heading_ends_with_its_sentence():
    text = "（一）高效组织,法治政府建设走深走实。一是强化组织建设。调整领导小组。二是强化分工。压实责任。"
    first, second, third = split(text)
    assert (first.number, first.heading) == ("（一）", "高效组织,法治政府建设走深走实")
    assert (second.number, second.heading, second.text) == ("一是", "强化组织建设", "一是强化组织建设。调整领导小组。")
    assert (third.number, third.depth, third.end) == ("二是", 4, len(text))


def test_a_count_inside_a_paragraph_is_found_only_in_its_order():
    found = split("一、存在的问题\n问题主要有：一是意识不强；三是力量薄弱。第二是说不上。二是经费不足。其中，一是办案少。")
    assert [(section.number, section.kind) for section in found] == [
        ("一、", "problems"),
        ("一是", "problems"),
        ("二是", "problems"),
    ]


def test_numbers_in_prose_are_no_headings():
    text = "3.5万人参加。\n依法办理（一）（二）两类事项；三、四级网络健全。\n2023年办结12件，其中（一）类3件。\n12348热线畅通。"
    assert outline(text) == [("lead", 0, "", "")]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("主要举措和成效", "results"),
        ("加强组织领导", "results"),
        ("2023年法治政府建设的举措与成效", "results"),
        ("2023年重点任务完成情况", "results"),
        ("2023年工作计划落实情况", "results"),
        ("存在的不足和原因", "problems"),
        ("存在的问题及下一步打算", "problems"),
        ("2024年工作思路", "plan"),
        ("下一步工作打算", "plan"),
        ("下步工作计划", "plan"),
        ("2024年重点工作", "plan"),
        ("下一步工作安排情况", "plan"),
        ("2024年法治政府建设主要安排", "plan"),
        ("主要负责同志履行法治建设职责情况", "leaders"),
        ("第一责任人职责落实情况", "leaders"),
        ("其他需要报告的事项", "other"),
    ],
)
def test_kinds(heading, kind):
    assert outline(f"一、{heading}\n内容。")[0][0] == kind


def test_kinds_below_a_double_heading():
    text = (
        "一、工作情况\n（一）党政主要负责人履行推进法治建设第一责任人职责情况\n略。\n"
        "二、存在的问题和下一步打算\n（一）存在的问题\n略。\n（二）下一步打算\n略。"
    )
    assert [kind for kind, *_ in outline(text)] == ["results", "leaders", "problems", "problems", "plan"]


def test_topics_without_telling_words_are_results_before_the_plan_and_other_after():
    text = "一、加强组织领导\n略。\n二、严格公正执法\n略。\n三、下一步打算\n略。\n四、请求支持\n略。"
    assert [kind for kind, *_ in outline(text)] == ["results", "results", "plan", "other"]


def test_second_depth_is_the_top_where_there_is_no_first():
    text = "（一）主要成效\n略。\n（二）存在问题\n略。\n（三）下一步工作\n略。"
    assert [kind for kind, *_ in outline(text)] == ["results", "problems", "plan"]


@pytest.mark.parametrize("text", ["", "\n", "  \n "])
def test_nothing(text):
    assert split(text) == []


LINES = st.sampled_from(
    [
        "一、主要工作",
        "（一）抓学习。一是学法。",
        "二、问题：一、少。二、多",
        "1.甲",
        "2、乙",
        "一是丙",
        "",
        "  ",
        "正文。",
        "现报告如下：一、工作",
        "三、下一步打算",
        "专此报告。",
        "青禾县人民政府",
        "2024年2月26日",
        "附件：1.表",
        "2.表",
        "（此件公开发布）",
        "甲\t乙\t1",
    ]
)


@given(st.one_of(st.lists(LINES, max_size=14).map("\n".join), st.text(max_size=200)))
def test_sections_cover_the_text(text):
    sections = split(text)
    at = 0
    for n, section in enumerate(sections):
        assert section.position == n
        assert section.kind in SECTION_KINDS
        assert section.text == text[section.start : section.end]
        assert section.start >= at
        assert not text[at : section.start].strip("\n")
        at = section.end
    assert not text[at:].strip()
    assert split(text) == sections


def kinds(text):
    return [(section.number, section.kind, section.depth) for section in split(text) if section.depth]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("坚持问题导向优化服务", "results"),
        ("着力解决突出问题，提升执法质量", "results"),
        ("推动规划落实，谋划重点任务安排", "results"),
        ("谋划2024年重点任务", "plan"),
        ("存在的问题及整改情况", "problems"),
        ("面临的突出问题", "problems"),
        ("工作安排", "plan"),
    ],
)
def test_words_of_results_before_problems_and_plans_decide(heading, kind):
    assert kinds(f"一、工作成效\n成效明显。\n二、{heading}\n正文。")[1] == ("二、", kind, 1)


@pytest.mark.parametrize(
    "line", ["一、二审判决均已履行。", "二、三季度开展检查两次。", "三、四级干部参加培训。", "十、百、千工程推进。"]
)
def test_lines_that_go_on_counting_are_prose(line):
    assert kinds(f"一、工作成效\n{line}\n二、存在的问题\n力量薄弱。") == [("一、", "results", 1), ("二、", "problems", 1)]


def test_other_numberings():
    text = "一 主要举措\n成效明显。\n㈠依法决策\n正文。\n㈡规范执法\n正文。\n二 存在的问题\n力量薄弱。"
    assert kinds(text) == [("一", "results", 1), ("㈠", "results", 2), ("㈡", "results", 2), ("二", "problems", 1)]


def test_chapters_without_numbers():
    text = "工作开展情况\n成效明显。\n存在的问题和不足\n一是力量不足。\n二是宣传不够。\n下一步工作打算\n一是抓落实。"
    assert kinds(text) == [
        ("", "results", 1),
        ("", "problems", 1),
        ("一是", "problems", 4),
        ("二是", "problems", 4),
        ("", "plan", 1),
        ("一是", "plan", 4),
    ]
    assert kinds("存在的问题较多，力量不足。\n2023年，我们依法行政。") == []


def test_the_leaders_duty_below_problems_and_plans_is_theirs():
    text = (
        "一、成效\n正文。\n二、存在问题\n（一）第一责任人职责落实不到位\n正文。\n三、下步计划\n（一）落实第一责任人职责\n正文。"
    )
    assert kinds(text)[2] == ("（一）", "problems", 2)
    assert kinds(text)[4] == ("（一）", "plan", 2)
