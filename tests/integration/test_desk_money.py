"""收费对账 over HTTP: the cashier's day, what the payer sees, and who sees nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mingtang.demo.fees import build_fees
from mingtang.money import actions
from mingtang.money.models import Account, Deposit, Notice, Refund
from mingtang.people.models import Unit
from mingtang.rulebook.models import Slip
from tests.factories.cast import CASHIER, CLERK_1, DISCIPLINE, EDITOR, SIGNER, login, staff
from tests.integration.desk_steps import text
from tests.unit.money.books import accepted, noticed

pytestmark = pytest.mark.django_db
PAYER = "司马付款甲"


@pytest.fixture
def books(town):
    """The item that charges, and the accounts into which it is paid."""
    build_fees(town)
    unit, office = Unit.objects.get(town=town, code="power"), staff(SIGNER)
    for whose in (None, unit):
        actions.set_account(town=town, unit=whose, payee="户名", bank="农商银行", number="99900000001", by=office)
    return town


@pytest.fixture
def notice(books):
    return noticed(books)


def bank(*rows: str) -> SimpleUploadedFile:
    head = "交易日期,收入金额,交易流水号,摘要,对方户名"
    return SimpleUploadedFile("mingxi.csv", "\n".join([head, *rows]).encode("gb18030"), "text/csv")


def read_in(client, notice, *rows: str, **more):
    today = timezone.localdate()
    form = {
        "account": notice.account_id,
        "from_on": today.isoformat(),
        "to_on": today.isoformat(),
        "table": bank(*rows),
    }
    return client.post("/desk/money/import", form | more, follow=True)


def row(notice, fen: str, serial: str, said: str) -> str:
    return f"{timezone.localdate()},{fen},{serial},{said},{PAYER}"


def test_the_cashiers_day(client, notice, town):
    login(client, CASHIER)
    page = text(
        read_in(client, notice, row(notice, "160.00", "A1", notice.number), row(notice, "160", "A2", notice.number))
    )
    assert "新登记 2 笔，自动核销 1 笔；1 笔要人工认领。" in page
    home = text(client.get("/desk/"))
    assert "重复缴款：1 处" in home
    assert "缴了没有票据：1 处" in home
    match = text(client.get("/desk/money/"))
    assert "财政所收费岗" in match
    assert "320元" in match

    given = {"number": "HN0001234", "given_on": timezone.localdate().isoformat()}
    assert client.post(f"/desk/money/notices/{notice.number}/receipt", given).status_code == 302
    assert "缴了没有票据" not in text(client.get("/desk/money/"))

    twice = Deposit.objects.get(serial="A2")
    page = text(client.get(f"/desk/money/deposits/{twice.pk}"))
    assert PAYER in page
    assert "重复缴款" in page
    ask = {"loose-amount": "160", "loose-reason": "同一份通知缴了两次"}
    assert client.post(f"/desk/money/deposits/{twice.pk}/refund/loose", ask).status_code == 302
    refund = Refund.objects.get()
    assert client.post(f"/desk/money/refunds/{refund.pk}/approve").status_code == 422
    assert "退款等批准" in text(client.get("/desk/money/"))

    login(client, SIGNER)
    assert "退款等批准：1 处" in text(client.get("/desk/"))
    assert client.post(f"/desk/money/refunds/{refund.pk}/approve").status_code == 302
    login(client, CASHIER)
    assert client.post(f"/desk/money/refunds/{refund.pk}/pay", {f"paid{refund.pk}-serial": ""}).status_code == 422
    assert client.post(f"/desk/money/refunds/{refund.pk}/pay", {f"paid{refund.pk}-serial": "OUT1"}).status_code == 302
    assert "都对上了" in text(client.get("/desk/money/"))


def test_a_file_with_wrong_rows_keeps_the_days_and_says_each_row(client, notice):
    login(client, CASHIER)
    page = text(read_in(client, notice, row(notice, "一百六", "A1", ""), "2026-02-30,1,A2,,"))
    assert "一笔也没有登记" in page
    assert "第2行“金额”：“一百六”不是金额" in page
    assert "第3行“交易日期”：2026年2月30日不存在" in page
    assert timezone.localdate().isoformat() in page
    assert not Deposit.objects.exists()
    assert "请选银行导出的 CSV 文件" in text(read_in(client, notice, table=""))
    read_in(client, notice, row(notice, "1", "A1", ""))
    assert "什么都没有变" in text(read_in(client, notice, row(notice, "1", "A1", "")))


def test_a_payment_without_a_number_is_matched_by_hand_and_put_right(client, notice):
    login(client, CASHIER)
    read_in(client, notice, row(notice, "160", "A1", "电表费"))
    deposit = Deposit.objects.get()
    page = text(client.get(f"/desk/money/deposits/{deposit.pk}"))
    assert notice.number in page, "the notice of the same sum is offered"
    url = f"/desk/money/deposits/{deposit.pk}/match"
    refused = client.post(url, {"number": "202600000000", "reason": "来电"})
    assert refused.status_code == 422
    assert "没有缴款号是" in text(refused)
    assert "来电" in text(refused)
    assert client.post(url, {"number": notice.number, "reason": "来电报了号"}).status_code == 302
    undo = f"/desk/money/notices/{notice.number}/unmatch"
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "认错了"}).status_code == 302
    cancel = client.post(f"/desk/money/notices/{notice.number}/cancel", {"reason": "企业搬走，不校验了"})
    assert cancel.status_code == 302
    assert "已取消" in text(client.get("/desk/money/notices?state=cancelled"))
    assert notice.number in text(client.get(f"/desk/money/notices?q={notice.case_number}"))
    assert "没有找到" in text(client.get("/desk/money/notices?q=999999"))


def test_whoever_keeps_no_books_sees_none_and_oversight_only_reads(client, notice):
    paths = ["/desk/money/", "/desk/money/notices", f"/desk/money/notices/{notice.number}", "/desk/money/deposits"]
    for username in (EDITOR, CLERK_1):
        login(client, username)
        assert {client.get(path).status_code for path in paths} == {403}
        assert "收费对账" not in text(client.get("/desk/"))
    login(client, DISCIPLINE)
    assert {client.get(path).status_code for path in paths} == {200}
    assert client.get("/desk/money/import").status_code == 403
    assert client.post(f"/desk/money/notices/{notice.number}/cancel", {"reason": "不收"}).status_code == 403
    read_in_by = staff(CASHIER)
    data = bank(row(notice, "160", "A1", "")).read()
    today = timezone.localdate()
    actions.read_in(account=notice.account, data=data, from_on=today, to_on=today, by=read_in_by)
    page = text(client.get(f"/desk/money/deposits/{Deposit.objects.get().pk}"))
    assert "A1" in page
    assert PAYER not in page, "who paid is for those who match"


def test_the_office_sets_another_account_and_a_wrong_one_is_a_sentence(client, notice):
    login(client, CASHIER)
    assert 'name="payee"' not in client.get("/desk/money/accounts").content.decode()
    login(client, SIGNER)
    form = {"unit": "", "payee": "财政所新户", "bank": "农商银行", "number": "12ab"}
    refused = client.post("/desk/money/accounts", form)
    assert refused.status_code == 422
    assert "账号只能是数字" in text(refused)
    assert client.post("/desk/money/accounts", form | {"number": "6222 0000 1111"}).status_code == 302
    assert Account.objects.get(unit__isnull=True, ended_at__isnull=True).number == "622200001111"


def test_a_case_without_its_notice_is_asked_from_its_own_page(client, town):
    build_fees(town)
    case = accepted(town)
    login(client, CASHIER)
    assert f"/desk/cases/{case.number}#charge" in client.get("/desk/money/").content.decode()
    assert "还没有发缴款通知" in text(client.get(f"/desk/cases/{case.number}"))
    refused = client.post(f"/desk/cases/{case.number}/charge")
    assert "收款账户" in text(refused)
    unit = case.item.unit
    actions.set_account(town=town, unit=unit, payee="供电所", bank="银行", number="123456", by=staff(SIGNER))
    assert client.post(f"/desk/cases/{case.number}/charge").status_code == 302
    assert "缴款号" in text(client.get(f"/desk/cases/{case.number}"))


def test_the_payer_sees_what_to_pay_what_was_paid_and_where_to_complain(client, notice, town):
    case = notice.version.cases.get(number=notice.case_number)
    session = client.session
    session["opened_cases"] = [case.pk]
    session.save()
    mine = f"/cases/{case.number}/mine"
    page = text(client.get(mine))
    assert notice.number in page
    assert "以前缴" in page
    assert "窗口不收现金" in page
    assert notice.account.number in page
    assert "缴款号" not in text(client.get(f"/cases/{case.number}")), "the public line tells nothing of money"
    screen = text(client.get("/cases/", {"kiosk": "1", "number": case.number}))
    assert "有费要缴" in screen and "窗口不收现金" in screen
    assert "160" not in screen and notice.number not in screen, "how much is for whoever holds the code"
    report = client.get(f"/services/GD-001/slip?case={case.number}&cash=1")
    assert "在窗口要我交现金" in text(report)
    assert case.number in text(report)
    client.post(f"/services/GD-001/slip?case={case.number}&cash=1", {"asked": "在窗口要我交现金 20 元。"})
    assert Slip.objects.get().case_number == case.number

    cashier, today = staff(CASHIER), timezone.localdate()
    actions.read_in(
        account=notice.account, data=bank(row(notice, "160", "A1", notice.number)).read(), from_on=today, to_on=today,
        by=cashier,
    )  # fmt: skip
    assert "票据还没有开" in text(client.get(mine))
    assert "有费要缴" not in text(client.get("/cases/", {"kiosk": "1", "number": case.number}))
    actions.give_receipt(notice=notice, number="HN0009", given_on=today, by=cashier)
    refund = actions.ask_refund(
        deposit=Deposit.objects.get(), amount=8_000, of_fee=True, reason="一块表不准", by=cashier
    )
    page = text(client.get(mine))
    assert "HN0009" in page
    assert "退款 80元：正在审批。一块表不准" in page
    actions.approve_refund(refund=refund, by=staff(SIGNER))
    assert "已经批准，正在退" in text(client.get(mine))


def test_many_notices_are_read_page_by_page(client, notice):
    same = {f.attname: getattr(notice, f.attname) for f in Notice._meta.concrete_fields if f.attname != "id"}
    Notice.objects.bulk_create(
        Notice(**{**same, "number": f"2099{serial:08d}", "case_number": f"WY-{serial}"}) for serial in range(40)
    )
    login(client, CASHIER)
    first = client.get("/desk/money/notices").content.decode()
    assert first.count('<th scope="row"') == 30
    older = client.get(f"/desk/money/notices?before={Notice.objects.order_by('-pk')[29].pk}").content.decode()
    assert older.count('<th scope="row"') == 11


def test_the_neighbours_cashier_sees_nothing(client, notice, other_town):
    login(client, CASHIER)
    there = {"HTTP_HOST": "other.example"}
    for path in ("/desk/money/", f"/desk/money/notices/{notice.number}", "/desk/money/deposits"):
        assert client.get(path, **there).status_code in {302, 403, 404}
        login(client, CASHIER)
