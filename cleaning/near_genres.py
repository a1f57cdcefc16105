"""Near-genres: what looks like a report in search results and is none, by its title, or by its opening where that is silent."""

from __future__ import annotations

import re

from cleaning.titles import CORE, TAIL, tidy

#: Offices and zones whose names hold words of other genres: 考核办公室, 规划局, 督查室, 示范区管委会.
_OFFICE_NAMES = re.compile(
    r"(?:督查|督察|考核|评估|规划|计划|标准|会议|培训|审计|检查)[^，。、的]{0,6}?(?:办公室|办(?!法)|局|委员会|委|室|中心|处|院|所)"
    r"|示范区(?=管委会|管理委员会|人民政府|[^，。创]{0,8}局)"
)
_DECORATION = re.compile(r"^\s*[【\[〔][^】\]〕]{1,12}[】\]〕]")
#: Names of other documents, and subtitles that say before which assembly a report was read.
_ASIDE = re.compile(r"《[^》]*》|(?:——|--).*$|[（(][^（()）]*(?:会议|通过|审议)[^（()）]*[)）]")
#: What a report adds to itself: 工作总结和2024年工作计划 is a report, 报告编制工作方案 a plan.
_ADDED_PLAN = re.compile(
    r"(?:情况|总结|报告)(?:和|及|以及|暨|与|、|\s)[^，。]{0,14}(?:计划|打算|安排|思路|要点|重点)(?:的报告)?$"
)
_ADDED_DUTY = re.compile(r"(?:情况|工作|报告|法治政府建设|依法行政)(?:和|及|暨|与|、|以及)")
_ENDS_AS_REPORT = re.compile(r"(?:报告|情况|总结|年报|汇报)(?:[（(][^（()）]*[)）])?$")

_WORK_REPORT = re.compile(r"(?<!法治)政府工作报告")
_DUTY = re.compile(r"述职|述法|述廉|第一责任人")
#: Reason -> words anywhere in a title, tried in this order.
_ANYWHERE: dict[str, re.Pattern[str]] = {
    "interpretation": re.compile(r"解读|读懂|图解|图说|图读|一图|长图|动漫|问答|答记者问"),
    "deliberation": re.compile(
        r"审议意见|审议结果|决议|执法检查|^[^关]{0,20}(?:人大|人民代表大会)[^关]{0,20}关于|(?:人大|人民代表大会)[^，。]{0,12}(?:调研|视察|检查)"
    ),
    "disclosure_report": re.compile(
        r"信息公开(?:工作)?[^，。]{0,10}(?:报告|年报|总结|情况)|政务公开[^，。]{0,10}(?:报告|总结|情况)|网站(?:工作)?[^，。]{0,6}(?:报表|年报|年度报告)"
    ),
    "study": re.compile(r"蓝皮书|白皮书|绿皮书|第三方评估报告|(?<!第三方)评估|测评报告|(?:研究|调研|调查)报告|课题|论文"),
    "meeting_news": re.compile(
        r"召开|常务会|(?:常委会|全体|专题|办公|工作)会议|听取|审议|(?:汇报|推进|座谈|动员|部署|调度|协调|总结|交流|发布|专题)会|举办|举行|专题学习|集体学习|培训"
        r"|赴.{2,12}(?:调研|考察|指导)|莅临|出席|主持"
    ),
}
_NOTICE = re.compile(r"通知|通报|的函$|征求意见|征集")
#: Words that tell after the core words (法治政府建设考核办法); before them they belong to the issuer.
_INSPECTION = re.compile(
    r"督察|督查|督导|考核|考评|示范(?:创建|市|县|区|项目|单位|点|乡镇|街道)|创建.{0,12}示范|法治政府(?:建设)?示范|第三方|验收|整改|检查|自查$|测评|评选|表彰|先进|典型|优秀案例"
)
_PLAN = re.compile(
    r"方案|要点|计划|纲要|规划|分工|清单|办法|标准|安排|打算|意见|细则|制度|规定|规则|指标|思路|台账|责任书|预案"
)
#: Somebody on his rounds: the verb stands before the core words, with or without whom he saw (县长检查…, 走访乡镇了解…).
_ON_ROUNDS = re.compile(r"(?:督察|督查|督导|检查|调研|考察|走访|视察|了解)(?P<whom>[^，。年\d]{0,14})$")
#: What is asked or said about a report is none.
_ABOUT_A_REPORT = re.compile(r"报告[》”]?的?(?:起草|编制)?说明$|问卷|满意度|调查表")
#: The same in titles without core words, where fewer words tell.
_INSPECTION_ALONE = re.compile(r"督察|督查|考核|示范创建|第三方评估")
_PLAN_ALONE = re.compile(r"方案|要点|计划|纲要|规划|分工|清单|办法|标准")
_PUBLIC_NOTICE = re.compile(r"(?:公告|公示)(?:[（(][^（()）]*[)）])?$")
_TEMPLATE = re.compile(r"范文|模板|模版|样本|撰写|写作|提纲|格式")
_CATALOGUE = re.compile(r"(?:汇总|目录|一览|合集|专栏|专题|列表|索引|(?:汇总|一览|统计|公开|公示)表)$")
#: The last noun of a title says what it is: 考核办法 is a plan, 关于召开推进会的通知 a notice.
#: Notices of inspections count as inspections.
_ENDS_AS_PLAN = re.compile(
    r"(?:方案|要点|计划|纲要|规划|分工|清单|办法|标准|细则|制度|规定|规则|指标(?:体系)?|预案)(?:[（(][^（()）]*[)）])?$"
)
_ENDS_AS_NOTICE = re.compile(r"(?:通知|通报)(?:[（(][^（()）]*[)）])?$")

_ORDER = re.compile(
    r"现印发|印发给你们|现将[^。]{0,80}(?:(?:通知|通报)如下|有关事项[^。]{0,6}如下)|请[^。]{0,30}(?:贯彻|遵照|报送|执行|落实)|特此通知"
)
#: A report forwarded under a few lines is that report, where its title says so and so many characters follow.
_FORWARDED = re.compile(r"《[^》\n]{0,80}(?:法治政府|依法行政)[^》\n]{0,20}(?:报告|总结)[^》\n]{0,6}》")
FORWARDED = 800
_MEETING_BODY = re.compile(r"[^。]{0,60}(?:\d{1,2}月\d{1,2}日|近日|日前)[^。]{0,80}(?:召开|举行|举办|开展|赴|来到|一行)")
_DUTY_BODY = re.compile(r"本人|我(?:认真|始终|坚持|带头|担任)")
_DELIBERATION_BODY = re.compile(r"(?:常委会|常务委员会)[^。]{0,60}(?:听取|审议)(?:和审议|并审议)?了[^。]{0,80}报告")


#: What a body shows plainly, whatever its title says.
_REPORTING = re.compile(r"现[将就把][^。\n]{0,80}(?:报告|汇报|总结|公布|公开)如下")
_DATELINE = re.compile(
    r"[^。\n]{0,40}(?:\d{1,2}月\d{1,2}日|近日|日前|今[日天]|连日来)[^。\n]{0,120}?(?P<verb>召开|主持|举行|督察|督查|督导|检查|调研|走访|考察|视察)"
)
_SAID = re.compile(
    r"会议(?:指出|强调|要求|认为|听取|审议|决定)|[^，。]{0,12}(?:强调|指出)[，:：]|实地(?:督察|查看|检查|走访|调研)|(?:督察|检查)组"
)
_QUESTION = re.compile(r"^[^\S\n]*(?:答|解读)\s*[:：]", re.MULTILINE)
_NUMBERED = r"^[^\S\n]*(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、．.]?|\d{1,2}[、．.])?[^\S\n]*"
_BACKGROUND = re.compile(
    rf"{_NUMBERED}(?:[^。\n]{{0,14}}(?:起草|出台|编制|制定|制发|发布)[^。\n]{{0,8}})(?:背景|依据|必要性|过程)[^。\n]{{0,8}}$",
    re.MULTILINE,
)
_CONTENT = re.compile(rf"{_NUMBERED}(?:[^。\n]{{0,10}})主要(?:内容|特点|亮点)[^。\n]{{0,8}}$", re.MULTILINE)
_INTERPRETED = re.compile(r"(?:现|下面)[^。\n]{0,30}解读如下")
#: Of the six fixed headings of a report on disclosure those that no other document has.
_DISCLOSED = re.compile(
    rf"{_NUMBERED}(?:主动公开政府信息情况|收到和处理政府信息公开申请(?:的)?情况|(?:因?政府信息公开(?:工作)?)[^。\n]{{0,10}}行政复议[^。\n]{{0,10}}行政诉讼[^。\n]{{0,4}})[^。\n]{{0,4}}$",
    re.MULTILINE,
)
_EVALUATED = re.compile(
    rf"{_NUMBERED}[^。\n]{{0,6}}评估(?:概述|概况|对象|背景|方法|指标|结果|结论|过程|依据|情况分析|分析)", re.MULTILINE
)
_PLANNED = re.compile(r"制[定订](?:本|如下|此|以下)?(?:[^，。\n]{0,6})(?:方案|要点|计划|意见)|(?:工作)?(?:要点|安排)如下")
_PLAN_HEADING = re.compile(
    rf"{_NUMBERED}(?:指导思想|基本原则|(?:总体|工作|主要)(?:要求|目标|思路)|目标任务|任务分工|(?:主要|重点|工作)(?:任务|措施|步骤)|实施步骤|工作要求|(?:保障|组织)(?:措施|领导|保障))[^。\n]{{0,10}}$",
    re.MULTILINE,
)
#: Chapters of a report that no plan has.
_REPORT_HEADING = re.compile(rf"{_NUMBERED}[^。\n]{{0,20}}(?:问题|不足|短板|差距|成效|成果|成绩|情况)", re.MULTILINE)
_DELIBERATED = re.compile(
    r"审议意见[^。\n]{0,12}如下|(?:听取|审议)了[^。\n]{0,80}报告[^。]{0,20}。\s*(?:会议|常委会组成人员)认为"
)
_ECONOMY = re.compile(r"地区生产总值|固定资产投资|公共预算收入|社会消费品零售|规模以上工业|居民人均可支配收入|GDP")


def by_title(title: str) -> tuple[str, str] | None:
    """Return the near-genre that a title names and the deciding words, or None.

    Args:
        title: in Simplified characters, its decoration kept: 【文字解读】 decides.
    """
    decoration = _DECORATION.match(title)
    plain = _ASIDE.sub("", tidy(title))
    core = CORE.search(plain)
    issuer, about = (plain[: core.start()], plain[core.start() :]) if core else ("", _OFFICE_NAMES.sub("", plain))
    words = (decoration[0] if decoration else "") + _OFFICE_NAMES.sub("", issuer) + about
    work = _WORK_REPORT.search(plain)
    if work and (not core or work.start() < core.start()):
        return "work_report", work[0]
    duty = _DUTY.search(words)
    if duty and not (core and _ADDED_DUTY.search(about.partition(duty[0])[0])):
        return "personal_duty_report", duty[0]
    if found := _ENDS_AS_NOTICE.search(words):
        inspection = core and not re.search(r"印发|转发|报送", words) and _INSPECTION.search(about)
        return ("inspection", inspection[0]) if inspection else ("notice", found[0])
    for reason, pattern in _ANYWHERE.items():
        if found := pattern.search(words):
            return reason, found[0]
    return _by_what_it_says(_OFFICE_NAMES.sub("", issuer), about, words) if core else _without_core(about)


def _by_what_it_says(issuer: str, about: str, words: str) -> tuple[str, str] | None:
    """Judge a title by what stands before the core words, by them and by what follows."""
    if found := _TEMPLATE.search(about):
        return "not_a_report", found[0]
    if found := _ABOUT_A_REPORT.search(about):
        return "not_a_report", found[0]
    rounds = _ON_ROUNDS.search(issuer)
    if rounds and (not rounds["whom"] or not _ENDS_AS_REPORT.search(about) or about.endswith("情况")):
        return "inspection", rounds[0]
    if found := _CATALOGUE.search(about):
        return "navigation", found[0]
    if (found := _ENDS_AS_PLAN.search(about)) and not _ADDED_PLAN.search(about):
        return "plan", found[0]
    if found := _INSPECTION.search(about) or re.search(r"督察组|示范创建|第三方", words):
        return "inspection", found[0]
    if (found := _PLAN.search(about)) and not _ADDED_PLAN.search(about) and not _ENDS_AS_REPORT.search(about):
        return "plan", found[0]
    if (found := _NOTICE.search(words)) or ((found := _PUBLIC_NOTICE.search(about)) and not TAIL.search(about)):
        return "notice", found[0]
    return None


def _without_core(about: str) -> tuple[str, str] | None:
    for reason, pattern in (
        ("inspection", _INSPECTION_ALONE),
        ("plan", _PLAN_ALONE),
        ("notice", _NOTICE),
        ("notice", _PUBLIC_NOTICE),
    ):
        if found := pattern.search(about):
            return reason, found[0]
    return None


def by_body(text: str, *, sure: bool) -> tuple[str, str] | None:
    """Return the near-genre that the opening of a text shows and the deciding words, or None.

    Args:
        text: in Simplified characters.
        sure: the title is a report's: then only an order to subordinate offices (各县…：… 现印发给你们) outweighs it, and
            a body that is plainly of another genre.
    """
    opening = text[:600]
    if re.match(r"各[^。\n]{2,160}[:：]", opening) and (order := _ORDER.search(text[:1500])):
        whole = sure and _FORWARDED.search(text[: order.end()]) and len(text) - order.end() >= FORWARDED
        if not whole:
            return "notice", order[0]
    if other := _plainly(opening, text):
        return other
    if sure:
        return None
    if (duty := _DUTY.search(opening)) and _DUTY_BODY.search(opening):
        return "personal_duty_report", duty[0]
    if found := _DELIBERATION_BODY.search(opening):
        return "deliberation", found[0][-20:]
    if found := _MEETING_BODY.match(opening):
        return "meeting_news", found[0][-20:]
    return None


def _plainly(opening: str, text: str) -> tuple[str, str] | None:
    """Return the near-genre that a body is beyond doubt; every rule asks for two signs, since reports mention all of these."""
    news = _DATELINE.match(opening)
    if news and (said := _SAID.search(text)) and not _REPORTING.search(opening):
        return "meeting_news" if news["verb"] in ("召开", "主持", "举行") else "inspection", f"{news['verb']}; {said[0]}"
    questions = len(_QUESTION.findall(text))
    if (found := _INTERPRETED.search(opening)) or (_BACKGROUND.search(text) and (found := _CONTENT.search(text))):
        return "interpretation", found[0].strip()
    if questions >= 3:
        return "interpretation", f"{questions} 答"
    if ("本人" in opening and text.count("本人") >= 3) or re.search(r"^\s*述[职法]人\s*[:：]", text, re.MULTILINE):
        return "personal_duty_report", "本人"
    if len(found_all := _DISCLOSED.findall(text)) >= 2:
        return "disclosure_report", found_all[0].strip()
    if len(found_all := _EVALUATED.findall(text)) >= 2 or (text.count("白皮书") >= 3 and "白皮书" in opening):
        return "study", (found_all or ["白皮书"])[0].strip()
    if (found := _DELIBERATED.search(opening)) and re.search(r"常委会|常务委员会|人大", opening):
        return "deliberation", found[0]
    if "各位代表" in opening and len(set(_ECONOMY.findall(text))) >= 2:
        return "work_report", "各位代表"
    planned = _PLANNED.search(opening)
    if (
        planned
        and len(_PLAN_HEADING.findall(text)) >= 2
        and not _REPORT_HEADING.search(text)
        and not _REPORTING.search(opening)
    ):
        return "plan", planned[0]
    return None
