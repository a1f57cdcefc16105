"""The Document: what cleaning finds in one page or attachment, and the closed word lists it uses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

#: Raised whenever a rule changes what a Document holds; stored with every report.
CLEANER_VERSION = "2"

#: Why a page is no report: `genre` of a Document and `rejected.reason` of the archive.
REJECTIONS = {
    "work_report": "政府工作报告",
    "plan": "方案、要点、规划、计划、清单、办法",
    "notice": "通知",
    "inspection": "督察、考核、示范创建",
    "interpretation": "解读、一图读懂",
    "meeting_news": "会议或活动新闻",
    "deliberation": "人大审议意见、决议",
    "disclosure_report": "政府信息公开年度报告、网站工作年度报表",
    "personal_duty_report": "个人述职述法、第一责任人履职报告",
    "study": "蓝皮书、评估报告、白皮书",
    "mirror_host": "the host is neither under .gov.cn nor named by a registry entry",
    "navigation": "a column or navigation page",
    "soft_404": "an error page that was served as a page",
    "challenge_page": "a firewall's challenge or block page",
    "empty_body": "the page has no text of its own",
    "unreadable": "the bytes cannot be read as what they claim to be",
    "unsupported_format": "a format that is not read",
    "needs_ocr": "a scan: only the `ocr` extra could read it",
    "needs_converter": "a format that needs an outside converter (rtf, odt)",
    "not_a_report": "none of the other reasons, and not a report on law-based government",
}

#: `genre` of a Document: "report", or why it is none.
GENRES = ("report", *REJECTIONS)

#: What was repaired, inferred or doubtful: `quality_flags`.
QUALITY_FLAGS = {
    "bookmark_residue": "a word processor's [bookmark: …] or [image: …] was removed",
    "question_marks": "runs of ? left by lost spaces were removed",
    "converted_from_traditional": "Traditional characters were converted back to Simplified",
    "folded_punctuation": "full-width punctuation arrived as ASCII and was left so",
    "title_missing": "no title was found or could be made",
    "title_synthesised": "the title was made from issuer and year",
    "issuer_completed": "the issuer's short name was completed (甲乡 to 甲乡人民政府)",
    "division_ambiguous": "several divisions fit, so none was chosen",
    "year_inferred": "the report year was taken from the publication date",
    "short_body": "the text has fewer than 200 Chinese characters",
    "attachment_only": "the text is in an attachment",
    "images_only": "the body holds pictures only",
    "mojibake": "characters were damaged before the page was published",
    "charset_mislabelled": "the declared charset was not the real one",
    "scanned": "a scanned document",
    "truncated": "the input ended early or was cut at a limit",
}

TITLE_SOURCES = ("page", "meta", "body", "synthesised")
YEAR_SOURCES = ("title", "first_sentence", "published_date")
ISSUER_TYPES = ("government", "department", "party", "joint", "vertical", "zone")
LEVELS = ("national", "province", "prefecture", "county", "township")
DIVISION_METHODS = ("site", "text", "code", "manual")
SOURCE_FORMATS = ("html", "docx", "doc", "pdf", "pdf-ocr", "ofd", "txt")
SECTION_KINDS = ("lead", "results", "problems", "leaders", "plan", "other", "signature")

#: Where the value of a field was found: `field_sources`.
FIELD_SOURCES = {
    "meta": "a standard meta tag",
    "metadata_block": "the block of metadata",
    "info_bar": "the bar above or below the text",
    "template": "between a template's comments",
    "script": "beside a body that stands in a script",
    "listing": "the list page",
    "url": "the address",
    "signature": "the end of the text",
    "text": "a line of its own at the top of the text",
}
#: The canonical Chinese labels of a metadata block (keys of `Document.fields`).
LABELS = ("索引号", "文号", "发布机构", "来源", "成文日期", "发布日期", "标题", "主题分类", "体裁分类",
          "公开方式", "服务对象", "有效性", "关键词", "责任编辑")  # fmt: skip


@dataclass(kw_only=True)
class Section:
    """One heading of the text with what stands under it, up to the next heading."""

    position: int  #: 0 for the lead, then in the order of the text
    kind: str  #: one of SECTION_KINDS
    depth: int  #: 0 lead and signature, 1 for 一、, 2 for （一）, 3 for 1., 4 for （1） and 一是
    number: str  #: the numbering as printed, "" where there is none
    heading: str  #: the heading without its numbering
    text: str  #: exactly Document.text[start:end], heading line included
    start: int  #: offset into Document.text, characters
    end: int  #: offset past the last character


@dataclass(kw_only=True)
class Attachment:
    """A file linked from the body."""

    url: str  #: absolute, or as written where the page's address is not known
    name: str  #: the link's text, else the last part of the path


@dataclass(kw_only=True)
class Dropped:
    """A line that is not in the text, and the rule that took it away."""

    rule: str
    line: str


@dataclass(kw_only=True)
class Document:
    """What one page or attachment says. Every value is found in the input; what is not known is None and flagged."""

    genre: str = "not_a_report"  #: one of GENRES; the text is filled whatever it is
    genre_detail: str = ""  #: the words that decided, for people
    title: str | None = None
    title_source: str | None = None  #: one of TITLE_SOURCES
    report_year: int | None = None
    year_source: str | None = None  #: one of YEAR_SOURCES
    issuer: str | None = None  #: full name; joint issuers joined by 、
    issuer_type: str | None = None  #: one of ISSUER_TYPES
    level: str | None = None  #: one of LEVELS: the issuer's, not the host's
    division_code: str | None = None  #: 6 digits, townships 9 (GB/T 2260, NBS)
    division_method: str | None = None  #: one of DIVISION_METHODS
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None
    township: str | None = None
    published_date: date | None = None  #: when it went on the web: never taken from the signature
    signed_date: date | None = None  #: 成文日期, else the signature's date where it has a year
    days_late: int | None = None  #: days after 31 March of the year after the report year; negative is early
    index_number: str | None = None  #: 索引号
    document_number: str | None = None  #: 文号
    text: str = ""  #: one paragraph a line; see the cleaning policy in docs/cleaning.md
    char_count: int = 0  #: characters of text, line breaks not counted
    text_sha256: str = ""  #: of text in UTF-8
    source_format: str | None = None  #: one of SOURCE_FORMATS
    url: str = ""
    fields: dict[str, str] = field(default_factory=dict)  #: canonical label: value
    field_sources: dict[str, str] = field(default_factory=dict)  #: canonical label: one of FIELD_SOURCES, for the dates too
    labels: dict[str, str] = field(default_factory=dict)  #: label as shown: value
    sections: list[Section] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    charset_declared: str | None = None
    charset: str | None = None
    quality_flags: list[str] = field(default_factory=list)  #: sorted, of QUALITY_FLAGS
    cleaner_version: str = CLEANER_VERSION
    dropped: list[Dropped] = field(default_factory=list)  #: for `fazhi clean --why`; not stored

    def finish(self) -> Document:
        """Fill what follows from the other fields (counts, sums, lateness) and return self."""
        self.char_count = len(self.text) - self.text.count("\n")
        self.text_sha256 = sha256(self.text.encode()).hexdigest()
        self.quality_flags = sorted(set(self.quality_flags))
        if self.published_date and self.report_year:
            self.days_late = (self.published_date - date(self.report_year + 1, 3, 31)).days
        return self

    def as_dict(self, *, why: bool = False) -> dict[str, Any]:
        """Return JSON-ready values; dates as YYYY-MM-DD, `dropped` only when `why` is true."""
        values = asdict(self)
        for name in ("published_date", "signed_date"):
            values[name] = values[name] and values[name].isoformat()
        if not why:
            del values["dropped"]
        return values
