"""The rule on two texts, class by class of look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import report

from archive.keys import Key, contradict, namesakes, same_issuer, same_key
from archive.texts import Profile, core, unwrap
from archive.verdicts import Side, judge, substitutions

A = Side(report(), 2023, "青川镇人民政府")


def side(text, year=2023, issuer="青川镇人民政府", code=None):
    return Side(text, year, issuer, code)


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (side(report()), "same"),
        (side("索引号：123\n" + report() + "\n扫一扫在手机打开"), "same"),
        (side(report().replace("，", ",").replace("。", "。\n")), "same"),
        (side(report().replace("效果良好", "效果较好", 2)), "same"),
        (side(report(), None, None), "same"),  # equal cores need no key
        (side(report().replace("效果良好", "效果较好", 1), 2023, None), "same"),
        (
            side(report().replace("效果良好", "效果较好", 2), None, None),
            "similar",
        ),  # without a year nothing else proves anything
        (side(report()[:600]), "excerpt"),
        (side(report()[:600], 2023, None), "excerpt"),
        (side(report(numbers=3)), "version"),
        (side(report("白石"), 2023, "白石镇人民政府"), "similar"),
        (side(report("白石"), 2023, None), "similar"),  # a place name replaced throughout tells towns apart
        (side(report("白石", numbers=5), 2023, "白石镇人民政府"), "similar"),
        (side(report(year=2024), 2024), "similar"),
        (side(report(year=2024), 2024, None), "similar"),
        (side(report(seed=9)), "different"),  # little in common, and towns of one name are in many counties
        (side("与此无关的一段话。" * 60, 2023, "云渡镇人民政府"), "different"),
    ],
)
def test_verdicts(other, verdict):
    found = judge(A, other)
    assert found.verdict == verdict, found
    assert judge(other, A) == found


def test_a_sibling_taken_for_the_same_issuer_is_no_version():
    """The cleaner may take a county's name from its site for every town's report: the place names still tell."""
    found = judge(A, side(report("白石", numbers=3)))
    assert found.substitutions >= 3
    assert found.verdict == "similar"


def test_an_issuer_whose_place_is_known_may_have_written_it_all_anew():
    code, county = "330108100", "临澜县青川镇人民政府"
    assert judge(side(report(), code=code), side(report(seed=9), code=code)).verdict == "version"
    assert judge(side(report(), issuer=county), side(report(seed=9), issuer=county)).verdict == "version"
    assert judge(side(report(), code=code), side(report(seed=9), code="330109100")).verdict == "different"


def test_measures():
    found = judge(A, side(report(numbers=3)))
    assert 0.3 < found.containment < 1
    assert found.numbers < 0.8
    assert found.sentences < 0.2
    assert 0.99 < found.length_ratio <= 1
    assert judge(side("第一句话很短。"), side("第一句话很短。另一句。")).numbers is None  # fewer than five say nothing


@given(
    st.text(alphabet="法治政府建设。！\n12三四，镇县", max_size=300),
    st.text(alphabet="法治政府建设。！\n12三四，镇县", max_size=300),
)
def test_any_two_texts_are_judged(a, b):
    found = judge(side(a), side(b))
    assert found == judge(side(b), side(a))
    assert 0 <= found.containment <= 1
    assert 0 <= found.length_ratio <= 1
    assert judge(side(a), side(a)).verdict in ("same", "version", "similar", "different")


def test_hostile_texts_cost_no_time():
    long = "法治" * 150_000
    assert judge(side(long + "。"), side("治法" * 150_000 + "。")).verdict in (
        "same",
        "version",
        "excerpt",
        "similar",
        "different",
    )
    many = [f"第{n}句话说的是{n * n}件事情" for n in range(5000)]
    words, places = substitutions(many, [one.replace("事情", "东西") for one in many])
    assert words > 100
    assert places == 0


def test_keys():
    assert same_issuer("婺城区人民政府", "金华市婺城区人民政府")
    assert same_issuer("中共青川县委、青川县人民政府", "青川县人民政府")
    assert not same_issuer("青川县人民政府", "青川县司法局")
    assert contradict(Key(2023, None), Key(2024, None))
    assert contradict(Key(None, "青川县人民政府"), Key(2024, "白石县人民政府"))
    assert not contradict(Key(None, None), Key(2024, "白石县人民政府"))
    assert Key(2023, "县人民政府").named == ()  # anybody's
    assert Key(2023, "司法局").tails == [""]
    assert set(Key(2023, "婺城区人民政府").tails) & set(Key(2023, "金华市婺城区人民政府").tails)
    assert same_key(Key(2023, "婺城区人民政府"), Key(2023, "金华市婺城区人民政府"))
    assert not same_key(Key(2023, "县人民政府"), Key(2023, "青川县人民政府"))
    assert not same_key(Key(None, "青川县人民政府"), Key(2023, "青川县人民政府"))


def test_namesakes():
    """城关镇 is the name of towns in dozens of counties, 鼓楼区 of districts in four cities."""
    town = "城关镇人民政府"
    assert namesakes(Key(2023, town, "330702101"), Key(2023, town, "411022100"))
    assert not namesakes(Key(2023, town, "330702101"), Key(2023, town, "330702"))  # the county's code on the town's report
    assert not namesakes(Key(2023, town, "330702101"), Key(2023, town, "330700"))
    assert not namesakes(Key(2023, town, None), Key(2023, town, "330702"))
    full = "鄢陵县城关镇人民政府"
    assert not namesakes(Key(2023, full, "330702"), Key(2023, full, "411024100"))  # a full name is nobody else's
    assert namesakes(Key(2023, town, "330702"), Key(2023, full, "411024100"))
    assert (
        judge(side(report(), issuer=town, code="330702"), side(report(numbers=1), issuer=town, code="411024")).verdict
        == "similar"
    )


def test_core_and_wrapping():
    wrapped = "\n".join(report(sentences=20).replace("\n", "")[n : n + 40] for n in range(0, 800, 40))
    assert "\n" not in unwrap(wrapped.split("\n"))[0]
    assert core("标题\n正文第一句。\n中间\n正文末句。\n青川镇人民政府\n2024年1月1日") == "正文第一句。\n中间\n正文末句。"
    assert Profile("短。").exact is None
    assert list(Profile("").grams) == []
