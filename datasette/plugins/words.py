"""The words of the pages: Chinese for every coded word (`words.level.county` in a template is 县级), and English by a switch.

Whoever chose English reads Search for `t("检索")`: the labels are in labels/*.yaml, Chinese -> English. Reports stay Chinese.
"""

from collections import UserDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import yaml
from datasette import Response, hookimpl

WORDS = {
    "level": {"national": "国家级", "province": "省级", "prefecture": "地市级", "county": "县级", "township": "乡级"},
    "issuer_type": {
        "government": "政府",
        "department": "政府部门",
        "party": "党委机构",
        "joint": "联合发布",
        "vertical": "垂直管理机关",
        "zone": "功能区",
    },
    "status": {
        # of reports
        "live": "在线",
        "withdrawn": "原网站已撤下",
        "removed": "应请求移除",
        # of sites
        "ok": "正常",
        "partial": "部分",
        "blocked": "受阻",
        "failing": "出错",
        "moved": "已迁移",
        "never": "未采集",
        # of coverage
        "on_time": "按时",
        "late": "逾期",
        "undated": "无日期",
        "missing": "未见",
        "not_due": "未到期",
        "unchecked": "未查",
    },
    # what the map of coverage shows
    "measure": {
        "found": "已收到",
        "on_time": "按时",
        "late": "逾期",
        "undated": "无日期",
        "missing": "未见",
        "unchecked": "未查",
        "blocked": "受阻",
    },
    "meaning": {
        "on_time": "次年 3 月 31 日前公布",
        "late": "此后公布",
        "undated": "有报告，发布日期不详",
        "withdrawn": "曾经公布，现已撤下",
        "missing": "期限过后查看过，没有见到",
        "unchecked": "期限过后还没有人查看过，不说明没有公布",
        "blocked": "网站无法读取",
        "not_due": "还没有到公布期限",
    },
    "relation": {
        "canonical": "原始发布",
        "attachment": "附件",
        "version": "另一版本",
        "copy": "转载",
        "excerpt": "摘录",
    },
    "cause": {"first": "首次收录", "changed": "原处改动", "republished": "另处重发"},
    "source_format": {
        "html": "网页",
        "docx": "Word 文档（docx）",
        "doc": "Word 文档（doc）",
        "pdf": "PDF",
        "pdf-ocr": "PDF 扫描件，文字为识别所得",
        "ofd": "OFD",
        "txt": "纯文本",
    },
    "title_source": {
        "page": "网页",
        "meta": "网页元数据标签",
        "body": "正文",
        "synthesised": "据机关和年度拟定",
    },
    "year_source": {"title": "据标题", "first_sentence": "据正文首句", "published_date": "据发布日期推定"},
    "division_method": {"site": "据网站登记", "text": "据正文", "code": "据索引号或网站标识码", "manual": "人工核定"},
    "kind": {
        "lead": "导语",
        "results": "成效",
        "problems": "问题",
        "leaders": "负责人履职",
        "plan": "计划",
        "other": "其他",
        "signature": "落款",
    },
    "flag": {
        "bookmark_residue": "去掉了文字处理软件残留的书签或图片标记",
        "question_marks": "去掉了空格丢失后留下的成串问号",
        "converted_from_traditional": "原文被转成了繁体，已转回简体",
        "folded_punctuation": "全角标点到手时已变成半角，保持原样",
        "title_missing": "没有找到标题",
        "title_synthesised": "标题是据发布机关和年度拟定的",
        "issuer_completed": "发布机关的简称已补全",
        "division_ambiguous": "有几个行政区划都说得通，故未选定",
        "year_inferred": "报告年度是由发布日期推定的",
        "short_body": "正文不足二百字",
        "attachment_only": "正文在附件中",
        "images_only": "正文只有图片",
        "mojibake": "文字在发布前已有乱码",
        "charset_mislabelled": "网页声明的字符集与实际不符",
        "scanned": "扫描件",
        "truncated": "内容不完整：提前结束，或超过上限被截断",
    },
    # of sites that are not ok, of addresses that brought nothing, and of pages that are no reports
    "reason": {
        "challenge_412": "反爬虫验证（412）",
        "challenge_521": "反爬虫脚本（521）",
        "waf": "防火墙拦截",
        "wzws": "网站卫士拦截",
        "cookie_shell": "只有设置 Cookie 的空页",
        "robots_disallowed": "robots.txt 不允许",
        "robots_unavailable": "robots.txt 无法取得",
        "soft_404": "页面已不存在（却返回 200）",
        "moved": "已迁移",
        "redirect_loop": "循环跳转",
        "off_domain": "跳转到名单以外的域名",
        "timeout": "超时",
        "refused": "拒绝连接",
        "dns": "域名无法解析",
        "tls": "加密连接失败",
        "reset": "连接中断",
        "too_large": "过大",
        "too_slow": "传输过慢",
        "wrong_type": "类型不符",
        "list_trap": "列表不断重复",
        "empty_list": "列表为空",
        "wrong_dialect": "列表格式与登记不符",
        "http_404": "地址不存在（404）",
        "http_4xx": "请求被拒绝（4xx）",
        "http_5xx": "服务器出错（5xx）",
        "too_few": "少于预期",
        "work_report": "政府工作报告",
        "plan": "方案、要点、规划、清单",
        "notice": "通知",
        "inspection": "督察、考核、示范创建",
        "interpretation": "解读",
        "meeting_news": "会议新闻",
        "deliberation": "审议意见",
        "disclosure_report": "信息公开年报、网站报表",
        "personal_duty_report": "个人述职述法",
        "study": "蓝皮书、评估、白皮书",
        "mirror_host": "镜像网站",
        "navigation": "导航页",
        "challenge_page": "反爬虫验证页",
        "empty_body": "没有正文",
        "unreadable": "无法读取",
        "unsupported_format": "格式不支持",
        "needs_ocr": "需要文字识别",
        "needs_converter": "需要格式转换工具",
        "not_a_report": "不是报告",
    },
    "column": {
        "report_year": "年度",
        "province": "省份",
        "level": "层级",
        "issuer_type": "机关类型",
        "status": "状态",
        "relation": "关系",
        "kind": "类别",
        "reason": "原因",
        "site": "网站",
        "name": "名称",
    },
    # what Datasette says
    "error": {
        "404": "地址可能写错了。",
        "Database not found": "地址可能写错了。",
        "Table not found": "没有这张表。",
        "Record not found": "表中没有这一行。",
        "Row not found": "表中没有这一行。",
        "Permission denied": "没有权限。",
        "Database download is forbidden": "不提供整个数据库的下载。",
        "You do not have permission to view this database": "没有权限查看这个数据库。",
        "CSV streaming is disabled": "不提供整表的 CSV；请分页取用，或用发行版。",
        "Cannot search by that column": "不能按这一列检索。",
    },
}


COOKIE = "language"
#: A year, in seconds: how long a choice is remembered.
YEAR = 365 * 24 * 3600

App = Callable[..., Awaitable[None]]
#: Of the request that is being answered: whether labels are English; and the page with its query, to come back to.
ENGLISH = ContextVar("english", default=False)
HERE = ContextVar("here", default="/")


@cache
def labels() -> dict[str, str]:
    """Return the English for every Chinese label."""
    folder = Path(__file__).resolve().parents[1] / "labels"
    return {zh: en for path in sorted(folder.glob("*.yaml")) for zh, en in yaml.safe_load(path.read_text("utf-8")).items()}


def t(label: Any) -> Any:
    """Return a label, or every label of a dict, in the reader's language; Chinese where there is no English for it."""
    if isinstance(label, dict):
        return {name: t(word) for name, word in label.items()}
    return labels().get(label, label) if ENGLISH.get() else label


class Words(UserDict[str, Any]):
    """WORDS in the reader's language."""

    def __getitem__(self, name: str) -> Any:
        return t(super().__getitem__(name))


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals |= {"words": Words(WORDS), "t": t, "english": ENGLISH.get, "here": HERE.get}


@hookimpl(trylast=True)  # around other plugins, whose refusals are in the reader's language too
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        prefix = datasette.setting("base_url").rstrip("/")

        async def spoken(scope: dict[str, Any], receive: Any, send: Any) -> None:
            headers = dict(scope.get("headers") or [])
            with suppress(CookieError):
                chosen = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
                ENGLISH.set(bool(chosen) and chosen.value == "en")
            query = (scope.get("query_string") or b"").decode("latin-1")
            path = (scope.get("path") or "/").removeprefix(prefix) or "/"
            HERE.set(path + (f"?{query}" if query else ""))

            async def varied(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":  # else a cache would show one reader the other's language
                    message = {**message, "headers": [*message["headers"], (b"vary", b"cookie")]}
                await send(message)

            await app(scope, receive, varied)

        return spoken

    return wrap


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/language/(?P<language>zh|en)$", choose)]


async def choose(request: Any, datasette: Any) -> Response:
    """Remember the language and go back to where the reader was; only ever to a page of this site."""
    back = request.args.get("back") or ""
    here = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = Response.redirect(datasette.urls.path(here))
    response.set_cookie(COOKIE, request.url_vars["language"], max_age=YEAR, path=datasette.setting("base_url"), samesite="lax")
    return response
