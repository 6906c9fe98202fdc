"""Every cell of a table knows its head, so that a telephone can show a row as a block."""

import pytest
from markupsafe import Markup

from mingtang.lib.tables import headed

pytestmark = pytest.mark.pure
COLUMNS = ["村", {"label": "户数", "num": True}, '面积"亩"']


def test_each_cell_names_its_own_head_and_every_row_begins_anew():
    row = '<tr><th scope="row">长堤村</th><td class="num">3</td><td>12</td></tr>'
    said = '<td class="num" data-head="户数">3</td><td data-head="面积&#34;亩&#34;">12</td>'
    assert headed(Markup(row * 2), COLUMNS).count(said) == 2


def test_a_cell_over_several_columns_says_nothing_and_those_after_it_keep_their_place():
    wide = Markup('<tr><td colspan="3">没有内容。</td></tr><tr><td colspan="2">合计</td><td>9</td><td>多的</td></tr>')
    found = headed(wide, COLUMNS)
    assert '<td colspan="3">没有' in found and '<td colspan="2">合计' in found
    assert '<td data-head="面积&#34;亩&#34;">9</td><td>多的</td>' in found
