"""Addresses: what is the same page has one address, and the identifier is made of nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ids import normalise, source_id

SAME = [
    "https://www.lin.gov.cn/art/1.html",
    "http://lin.gov.cn/art/1.html",
    "HTTP://WWW.LIN.GOV.CN:80/art/1.html#top",
    "https://lin.gov.cn:443/art/1.html?spm=a1.b2",
    "https://lin.gov.cn/art/1.html;jsessionid=0A1B?from=timeline&utm_source=x",
    " http://lin.gov.cn/art/../art/1.html?PHPSESSID=9&t=1711111111111 ",
    "http://lin.gov.cn/(S(abcdefghijklmnopqrstuvwx))/art/1.html?ticket=ST-1&ver=3",
]


@pytest.mark.parametrize("url", SAME)
def test_one_address(url):
    assert normalise(url) == "lin.gov.cn/art/1.html"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://www.lin.gov.cn", "lin.gov.cn/"),
        ("http://lin.gov.cn:8080/a", "lin.gov.cn:8080/a"),
        ("http://lin.gov.cn/show.jsp?id=7&b=2&a=1", "lin.gov.cn/show.jsp?a=1&b=2&id=7"),
        ("http://lin.gov.cn/show.asp?t=3&r=2", "lin.gov.cn/show.asp?r=2&t=3"),
        ("http://lin.gov.cn/s?from=list&from=timeline", "lin.gov.cn/s?from=list"),
        ("http://lin.gov.cn/s?q=%d6%d0", "lin.gov.cn/s?q=%D6%D0"),
        ("http://lin.gov.cn/报告.pdf", "lin.gov.cn/%E6%8A%A5%E5%91%8A.pdf"),
        ("http://www.gov.cn/x", "gov.cn/x"),
        ("URN:SHA256:AB", "urn:sha256:ab"),
        ("http://lin.gov.cn:99999/", "http://lin.gov.cn:99999/"),
    ],
)
def test_addresses(url, address):
    assert normalise(url) == address


def test_identifier_is_the_hash_of_the_address():
    assert source_id("lin.gov.cn/a") == "fz" + sha256(b"lin.gov.cn/a").hexdigest()[:16]
    assert source_id("lin.gov.cn/a", "00ff") == "fz" + sha256(b"lin.gov.cn/a#00ff").hexdigest()[:16]


@given(
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,2}\.gov\.cn", fullmatch=True),
    st.text(st.characters(codec="utf-8", exclude_characters="?#\\", exclude_categories=["C", "Z"]), max_size=20),
    st.lists(st.tuples(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.text("09azA中 %&=", max_size=6)), max_size=3),
)
def test_normalising_twice_is_normalising_once(host, path, pairs):
    query = "&".join(f"{name}={value}" for name, value in pairs)
    once = normalise(f"https://www.{host}/{path}?{query}")
    assert normalise(f"http://{once}") == once
    assert once.startswith(f"{host.removeprefix('www.')}/") or host.startswith("www.")


@given(st.text(max_size=60))
def test_never_raises(url):
    assert isinstance(normalise(url), str)
    assert len(source_id(normalise(url))) == 18
