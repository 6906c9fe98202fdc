import pytest

from mingtang.guard import Link, links


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://www.gov.cn/a.htm", ""),
        ("http://12345.example.cn:8080/?q=1#b", ""),
        ("//www.gov.cn/", ""),
        ("/info/006382329L/2018-1430766", ""),
        ("#part-2", ""),
        ("mailto:office@example.cn", ""),
        ("tel:0730-5550001", ""),
        ("", "没有地址"),
        ("#", "没有地址"),
        ("javascript:void(0)", "不是网址"),
        ("data:text/html,x", "不是网址"),
        ("a.htm", "半截地址"),
        ("../a.htm", "半截地址"),
        ("?id=1", "半截地址"),
        ("www.gov.cn", "半截地址"),
        ("http://192.168.1.5/a", "内部网络"),
        ("http://10.0.0.1", "内部网络"),
        ("http://127.0.0.1:8000", "内部网络"),
        ("http://[fd00::1]/", "内部网络"),
        ("http://localhost/", "内部网络"),
        ("http://oa/", "内部网络"),
        ("http://oa.town.lan/x", "内部网络"),
        ("http:///a", "内部网络"),
        ("C:\\Users\\a.docx", "自己电脑"),
        ("\\\\server\\a.docx", "自己电脑"),
        ("file:///C:/a.docx", "自己电脑"),
        ("http://[::1/", "写错了"),
    ],
)
def test_a_link_that_leads_nobody_anywhere_is_told(address, fault):
    (link,) = links(f'<p>见<a href="{address}">通知 <strong>原文</strong></a>。</p>')
    assert (link.address, link.text) == (address, "通知 原文")
    assert (fault in link.fault) if fault else link.fault == ""


def test_links_are_listed_in_order_and_an_empty_name_is_told():
    body = '<p><a href="https://a.cn">甲</a><a>不是链接</a><a href="https://b.cn?x=1&amp;y=2"> </a></p>'
    assert links(body) == [
        Link("https://a.cn", "甲"),
        Link("https://b.cn?x=1&y=2", "", "没有文字，读屏软件读不出来"),
    ]
    assert links("没有链接") == links("") == []
