"""The papers of a permit after the grant: letters, each with the permit's own facts, adverse ones with remedies."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from mingtang.cases.enums import CancelGround, RevokeGround, WarnedOf, WithdrawGround
from mingtang.cases.letters import letter
from mingtang.cases.models import Permit, PermitAsk
from mingtang.lib.text import chinese_date

LAW = "《中华人民共和国行政许可法》"
HOLDER = "持证人"


def facts(permit: Permit, valid_to: date | None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    until = f"自{chinese_date(permit.valid_from)}" + (f"至{chinese_date(valid_to)}" if valid_to else "起，没有截止日期")
    return [("证照", permit.given.name), ("证照编号", permit.number), (HOLDER, permit.holder), ("有效期", until), *more]


def _asked(row: PermitAsk) -> str:
    return f"你（单位）于{chinese_date(row.asked_on)}提出的{row.get_kind_display()}申请"


def receipt(permit: Permit, row: PermitAsk):
    told = f"收到你（单位）的{row.get_kind_display()}申请。本机关在{chinese_date(row.due_on)}以前答复。"
    if row.kind == "renew":
        told += (
            "到那一天没有答复的，视为准予延续，系统自动制发延续决定书。"
            if row.in_time
            else "申请是在有效期届满前三十日以后提出的，本机关尽力在届满以前答复；没有答复的，不视为准予延续。"
        )
    return letter(
        f"{row.get_kind_display()}申请收件凭证",
        told,
        "答复以前，证照在有效期内照常有效。",
        facts=facts(permit, permit.valid_to, ("申请内容", row.text), ("最迟答复", chinese_date(row.due_on))),
    )


def changed(permit: Permit, row: PermitAsk, what: str):
    return letter(
        "准予变更决定书",
        f"{_asked(row)}，经审查符合法定条件，依据{LAW}第四十九条，准予变更。",
        facts=facts(permit, permit.valid_to, ("变更为", what)),
    )


def renewed(permit: Permit, row: PermitAsk, valid_to: date, *, deemed: bool):
    why = (
        f"本机关没有在{chinese_date(row.due_on)}以前答复，依据{LAW}第五十条，视为准予延续"
        if deemed
        else f"经审查符合法定条件，依据{LAW}第五十条，准予延续"
    )
    return letter("准予延续决定书", f"{_asked(row)}，{why}。", facts=facts(permit, valid_to))


def kept(permit: Permit, row: PermitAsk, reasons: str, remedies: Sequence[str]):
    article = "第四十九条" if row.kind == "change" else "第五十条"
    return letter(
        f"不予{row.get_kind_display()}决定书",
        f"{_asked(row)}，依据{LAW}{article}，决定不予{row.get_kind_display()}。原证照在有效期内仍然有效。",
        facts=facts(permit, permit.valid_to),
        reasons=[reasons],
        remedies=remedies,
    )


def warned(permit: Permit, of: str, reasons: str):
    word, article = WarnedOf(of).label, "第六十九条" if of == WarnedOf.REVOKE else "第八条"
    return letter(
        f"拟{word}告知书",
        f"本机关拟依据{LAW}{article}，{word}下面的证照。决定以前听取你（单位）的意见。",
        "你（单位）有权陈述、申辩，可以在收到之日起五个工作日内要求听证，不收费用。"
        f"请把意见书面交到{permit.case.version.spec.place}，或者当面说，由我们记下。",
        facts=facts(permit, permit.valid_to),
        reasons=[reasons],
    )


def _heard(views: str) -> str:
    return f"听取意见的情况：{views}"


def revoked(permit: Permit, ground: str, reasons: str, views: str, remedies: Sequence[str]):
    return letter(
        "撤销决定书",
        f"依据{LAW}第六十九条，决定撤销下面的证照。自收到本决定之日起，请不要再使用，并交回原件。",
        facts=facts(permit, permit.valid_to, ("撤销的情形", RevokeGround(ground).label)),
        reasons=[reasons, _heard(views)],
        remedies=remedies,
    )


def withdrawn(permit: Permit, ground: str, reasons: str, views: str, compensation: str, remedies: Sequence[str]):
    return letter(
        "撤回决定书",
        f"为了公共利益的需要，依据{LAW}第八条，决定撤回下面的证照。由此造成的财产损失，本机关依法补偿。",
        facts=facts(permit, permit.valid_to, ("撤回的情形", WithdrawGround(ground).label), ("补偿", compensation)),
        reasons=[reasons, _heard(views)],
        remedies=remedies,
    )


def cancelled(permit: Permit, ground: str, reasons: str, remedies: Sequence[str]):
    return letter(
        "注销决定书",
        f"依据{LAW}第七十条，办理下面证照的注销手续。需要继续从事这项活动的，可以重新申请。",
        facts=facts(permit, permit.valid_to, ("注销的情形", CancelGround(ground).label)),
        reasons=[reasons],
        remedies=remedies,
    )


def reissued(permit: Permit, reasons: str, at):
    return letter(
        "补发证照通知书",
        f"经核对，{chinese_date(timezone.localdate(at))}补发下面的证照，内容和有效期不变，原件作废。",
        facts=facts(permit, permit.valid_to, ("补发的原因", reasons)),
    )
