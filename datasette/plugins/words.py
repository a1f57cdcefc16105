"""The Chinese for every coded word that a page shows: `words.level.county` in a template is 县级."""

from typing import Any

from datasette import hookimpl

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
    },
    "relation": {
        "canonical": "原始发布",
        "attachment": "附件",
        "version": "另一版本",
        "copy": "转载",
        "excerpt": "摘录",
    },
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


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals["words"] = WORDS
