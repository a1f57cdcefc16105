"""Bodies: what is plainly of another genre is none under the cleanest title, and reports that mention it stay reports."""

import pytest

from cleaning.genre import judge

TITLE = "青禾县2023年法治政府建设情况报告"
CHAPTERS = "\n一、主要举措和成效\n召开会议4次。\n二、存在的问题\n执法力量不足。\n三、下一步打算\n继续努力，推进法治政府建设。"
OTHERS = {
    "meeting_news": "2月18日，县长主持召开县政府常务会议。会议听取了2023年法治政府建设情况报告。会议强调，要抓好落实，压实责任。",
    "inspection": "2月26日至28日，市委依法治市办督察组对我县法治政府建设情况开展实地督察。督察组查阅资料，走访企业和群众。",
    "interpretation": "一、起草背景\n根据有关规定，县司法局起草了报告。\n二、主要内容\n报告共分四个部分，介绍法治政府建设情况。",
    "personal_duty_report": "2023年，本人坚持依法行政，现将本人履职情况报告如下：\n一、工作情况\n本人主持召开会议三次，带头学法。",
    "disclosure_report": "一、总体情况\n依法公开。\n二、主动公开政府信息情况\n公开三件。\n三、收到和处理政府信息公开申请情况\n收到两件，均已答复。",
    "study": "受委托，课题组对各县法治政府建设进行第三方评估。\n一、评估对象\n七个县。\n二、总体评估结果\n平均得分八十分。",
    "plan": "为推进法治政府建设，结合实际，制定本方案。\n一、总体要求\n坚持党的领导。\n二、主要任务\n健全制度。\n三、保障措施\n加强领导。",
    "deliberation": "县人大常委会听取和审议了县人民政府关于2023年法治政府建设情况的报告。现将审议意见整理如下：提高认识，规范执法。",
    "work_report": "各位代表：\n现在，我代表县人民政府报告工作，请予审议。\n一、工作回顾\n地区生产总值增长百分之六，固定资产投资增长百分之八。",
    "notice": "各县区委依法治县办：\n决定开展法治政府建设示范创建活动。现将有关事项公布如下：\n一、申报条件\n三年内无重大事件。",
}


def genre(title, text):
    return judge(title, text, url="", site=None, raw_text=text, flags=())[0]


@pytest.mark.parametrize("reason", OTHERS)
@pytest.mark.parametrize("title", [TITLE, "法治政府建设年度报告", "青禾县2023年法治政府建设工作"])
def test_a_body_of_another_genre_outweighs_the_title(title, reason):
    assert genre(title, OTHERS[reason]) == reason


@pytest.mark.parametrize(
    "lead",
    [
        "2023年2月18日，县政府召开常务会议。会议强调要抓好落实。现将2023年法治政府建设情况报告如下：",
        "2023年，县政府办理县人大常委会组成人员提出的审议意见，依法行政水平提升。",
        "2023年，青禾县制定本年度法治政府建设工作方案，依法行政水平提升。",
        "2023年，主要负责人述职述法，发布政策解读30篇，公开政府信息。依法行政。",
        "主任、各位副主任：受县人民政府委托，现将2023年法治政府建设情况报告如下，请予审议。",
        "2023年，开展第三方评估，组织课题组调研，发布行政复议白皮书，落实行政执法。",
    ],
)
def test_reports_that_mention_other_genres_stay(lead):
    assert genre(TITLE, lead + CHAPTERS) == "report"


@pytest.mark.parametrize(
    "title",
    [
        "李某某督察法治政府建设情况",
        "县长检查法治政府建设工作情况",
        "县司法局走访乡镇了解法治政府建设情况",
        "市委依法治市办督导青禾县法治政府建设情况",
        "我县开展法治政府建设情况自查",
    ],
)
def test_rounds_before_the_core_words_are_inspections(title):
    assert genre(title, "法治政府建设取得成效。" * 8) == "inspection"


@pytest.mark.parametrize(
    "title",
    [
        "青禾县督查考核局2022年度法治政府建设情况报告",
        "青禾县监督检查局法治政府建设情况报告",
        "青禾县2022年法治政府建设暨党政主要负责人履行推进法治建设第一责任人职责情况报告",
        "青禾县2022年法治政府建设和第一责任人履职情况报告",
        "青禾县2022年法治政府建设工作总结 2023年工作计划",
        "青禾县2022年度法治政府建设情况说明",
    ],
)
def test_titles_that_only_hold_such_words_are_reports(title):
    assert genre(title, "2022年，青禾县依法行政。" + CHAPTERS) == "report"


@pytest.mark.parametrize("title", ["关于2023年度法治政府建设情况报告的说明", "青禾县法治政府建设情况满意度调查问卷"])
def test_what_is_said_or_asked_about_a_report_is_none(title):
    assert genre(title, "法治政府建设取得成效。" * 8) == "not_a_report"


@pytest.mark.parametrize("title", ["青禾县司法局2023年工作总结", "青禾县2023年度优化营商环境工作情况报告", "2023年工作总结"])
def test_a_title_of_another_subject_asks_the_opening_to_declare_itself(title):
    body = (
        "2023年，县司法局忠实履职。\n一、工作开展情况\n（一）推进法治政府建设。依法行政，依法治理。\n二、存在的问题\n力量薄弱。"
    )
    assert genre(title, body) == "not_a_report"
    assert genre(title, "现将2023年法治政府建设情况报告如下：\n" + body) == "report"
