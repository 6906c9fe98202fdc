from hypothesis import given
from hypothesis import strategies as st

from mingtang.lib.masking import mask_address, mask_bank_card, mask_id, mask_mobile, mask_name


def test_each_kind_shows_enough_to_recognise_ones_own():
    assert mask_name("张三丰") == "张**"
    assert mask_name("张") == "*"
    assert mask_id("430623198501011234") == "4306**********1234"
    assert mask_id("430623 850101 123") == "4306*******1123"
    assert mask_mobile("138 1234 5678") == "138****5678"
    assert mask_mobile("+86 13812345678") == "138****5678"
    assert mask_bank_card("6222020200112233445") == "6222***********3445"
    assert mask_address("湖南省华容县万庾镇兔湖村3组12号") == "湖南省华容县万庾镇兔湖村***"
    assert mask_address("3组12号") == "***"


@given(st.text(alphabet="0123456789", max_size=30))
def test_no_mask_shows_clearly_more_than_it_hides(number):
    for mask in (mask_id, mask_bank_card, mask_mobile):
        shown = sum(char != "*" for char in mask(number))
        assert shown <= 8 and shown <= len(number) // 2 + 2
