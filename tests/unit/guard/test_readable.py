"""看得懂吗: figures by hand, official phrases, terms that nobody explained."""

from hypothesis import given
from hypothesis import strategies as st

from mingtang.guard.readable import LONG, measure


def test_the_figures_by_hand():
    """Three sentences of 4, 8 and 45 characters: 19 on average, one of three too long."""
    found = measure("今天开会。请带身份证、户口簿；" + "长" * 45 + "。")
    assert (found.sentences, found.mean, found.longest, found.long, found.long_percent) == (3, 19, 45, 1, 33)
    assert measure("").sentences == 0 and measure("　\n——。").long_percent == 0


def test_official_phrases_come_with_what_to_write_instead():
    found = dict(measure("请有关部门及时予以办理。").official)
    assert found == {"有关部门": "写明哪个部门", "及时": "写明几天以内", "予以": "删去"}
    assert not measure("请派出所三天以内办好。").official


def test_a_term_is_explained_by_the_text_or_by_the_town():
    assert measure("这件事可以容缺受理。").unexplained == ("容缺受理",)
    assert not measure("“容缺受理”是指先收件、后补材料。").unexplained
    assert not measure("可以容缺受理（先收件，后补材料）。").unexplained
    assert not measure("这件事可以容缺受理。", {"容缺受理"}).unexplained


@given(st.text())
def test_any_text_has_figures(text):
    found = measure(text)
    assert 0 <= found.long <= found.sentences and (found.longest > LONG) == (found.long > 0)
