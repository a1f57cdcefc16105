"""Look-alikes across years and governments, and the share of sentences that were said before."""

from making import capture, fz, make, page, report, rows, store


def paper(town, year, text):
    return capture(f"http://{town.encode().hex()}.gov.cn/{year}.html", page(1, place=f"{town}镇", year=year, text=text))


def ids(*found):
    return {fz(one.url) for one in found}


def test_look_alikes_of_other_towns_and_years(tmp_path):
    first, sibling = paper("青川", 2023, report("青川")), paper("白石", 2023, report("白石"))
    later, other = paper("青川", 2024, report("青川", 2024)), paper("云渡", 2023, report("云渡", seed=30))
    make(tmp_path, [first, sibling, later, other])
    found = rows(tmp_path, "select * from verdicts")
    assert {row["verdict"] for row in found} == {"similar"}
    pairs = [{row["source_a"], row["source_b"]} for row in found]
    assert ids(first, sibling) in pairs
    assert ids(first, later) in pairs
    assert not any(fz(other.url) in pair for pair in pairs)
    assert all(row["containment"] >= 0.5 for row in found)


def test_sentences_carried_over(tmp_path):
    def text(*sentences):
        return "\n".join(f"{sentence}，这是今年工作中的一项重要内容。" for sentence in sentences)

    own = [f"第{n}项任务已经全面完成" for n in range(8)]
    last = paper("青川", 2022, text(*own[:4], "去年另有安排若干"))
    now = paper("青川", 2023, text(*own))
    elsewhere = paper("白石", 2023, text(own[6], own[7], "本镇另做了一件事情"))
    future = paper("云渡", 2024, text(own[5], "后来才有的一句话在此"))
    make(tmp_path, [last, now, elsewhere, future])
    found = {(row["report_id"], row["origin"]): row for row in rows(tmp_path, "select * from reuse")}
    row = found[fz(now.url), "last_year"]
    assert (row["sentences"], row["carried"], row["share"], row["from_report_id"]) == (8, 4, 0.5, fz(last.url))
    row = found[fz(now.url), "other_governments"]
    assert (row["sentences"], row["carried"], row["share"]) == (8, 2, 0.25)  # not what a later report says
    assert found[fz(future.url), "other_governments"]["carried"] == 1
    assert (fz(last.url), "last_year") not in found  # nothing of the year before is there


def test_what_a_new_report_changes_for_others(tmp_path):
    """The share of an older report grows when another government's report of its year is found; its copies count nothing."""
    make(tmp_path, [paper("青川", 2023, report("青川"))])
    assert rows(tmp_path, "select carried from reuse where origin = 'other_governments'") == [{"carried": 0}]
    copy = capture("http://news.example.com/1.html", page(1, place="青川镇", text=report("青川")), day=9)
    store(tmp_path, [copy], run="run-2")
    make(tmp_path)
    assert rows(tmp_path, "select carried from reuse where origin = 'other_governments'") == [{"carried": 0}]
    store(tmp_path, [paper("白石", 2023, report("白石").replace("白石镇", "全镇"))], run="run-3")
    make(tmp_path)
    carried = [row["carried"] for row in rows(tmp_path, "select carried from reuse where origin = 'other_governments'")]
    assert len(carried) == 2
    assert min(carried) > 20
    assert len(rows(tmp_path, "select * from verdicts where verdict = 'similar'")) == 1


def test_a_removed_report_is_nowhere(tmp_path):
    from making import at

    from archive.decisions import Decision, append

    captures = [paper("青川", 2023, report("青川")), paper("白石", 2023, report("白石"))]
    make(tmp_path, captures)
    gone = fz(captures[0].url)
    append(tmp_path / "decisions.jsonl", Decision(decision="remove", ids=[gone], who="x", when=at(9), why="asked"))
    for again in (False, True):
        make(tmp_path, again=again)
        assert rows(tmp_path, "select * from verdicts") == []
        assert {row["report_id"] for row in rows(tmp_path, "select report_id from reuse")} == {fz(captures[1].url)}
