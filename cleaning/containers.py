"""Containers: where the CMS families of government sites put the body of an article; field-notes 2.2 to 2.11."""

from __future__ import annotations

from cleaning.markup import Element

#: (family, ids, classes, own element): in the order worth trying. Names are compared in lower case.
BODIES: tuple[tuple[str, str, str, str], ...] = (
    ("ucap", "ucap-content", "", "ucapcontent"),
    ("trs", "", "trs_editor_view trs_ueditor trs_paper_default trs_word custom_unionstyle", ""),
    ("trs", "", "trs_editor", ""),
    ("hanweb", "zoom dozoom fontzoom", "zoom", ""),
    ("nfcms", "zoomcon", "tyxxy_main news_cont_d_wrap", ""),
    ("wechat", "js_content", "", ""),
    ("hanweb", "ivs_content", "main-txt artile_zw zc_article_con wzzw-article", ""),
    ("anhui", "j_content", "j-fontcontent wzcon ls-article-info", ""),
    ("vsb", "vsb_content vsb_content_2 vsb_content_4 vsb_content_500 vsb_content_501 vbs_content", "v_news_content", ""),
    ("epoint", "", "ewb-article-content ewb-info-content ewb-article-info", ""),
    ("one-off", "maintext newscontent detailcont bodylabel dochtmlcon", "contxt view-content zwxl-article pages_content", ""),
)
#: Names that wrap the body on many sites, often with title, tools and more: narrowed to the running text they hold.
_WRAPPERS = """
    xxgk_content xxgk-content article-content article_content articlecontent article_con article-con art_con content-box content
    article artical article-box article-text article-body detail detail-content detail_content details newscontent news_content
    news-content newsbox con text txt info-content main-content main_content nr neirong zhengwen zw view contentbox
"""
WRAPPERS = frozenset(_WRAPPERS.split())


def names_of(element: Element) -> tuple[str, list[str]]:
    """Return id and classes of an element in lower case."""
    return element.get("id", "").lower(), element.get("class", "").lower().split()


def family_of(element: Element) -> int | None:
    """Return the place in BODIES of the container that an element is, or None."""
    return _TAGS.get(element.tag) if not element.attrib else _place(element)


def _place(element: Element) -> int | None:
    name, classes = names_of(element)
    places = [_TAGS.get(element.tag), _IDS.get(name), *(_CLASSES.get(word) for word in classes)]
    found = [place for place in places if place is not None]
    return min(found) if found else None


def is_wrapper(element: Element) -> bool:
    """Say whether an element has a name that sites use for what surrounds a body."""
    name, classes = names_of(element)
    return name in WRAPPERS or not WRAPPERS.isdisjoint(classes)


_IDS = {name: place for place, (_, ids, _, _) in reversed(list(enumerate(BODIES))) for name in ids.split()}
_CLASSES = {name: place for place, (_, _, classes, _) in reversed(list(enumerate(BODIES))) for name in classes.split()}
_TAGS = {tag: place for place, (_, _, _, tag) in enumerate(BODIES) if tag}
