"""行政处罚决定: entered, confirmed by a second person, carried out; once revoked it leaves every list at once.

Only what somebody says to have a certain influence on society is public (行政处罚法 48), and never a minor's. Whom it
struck is forgotten when nothing needs the name any more (个人信息保护法 47; docs/adr/0038).
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mingtang.cases.numbers import check_code, code_for, code_hash
from mingtang.disclosure.derived import actions
from mingtang.disclosure.enums import ListState as S
from mingtang.disclosure.enums import Party, PenaltyEnd, PenaltyGround, PenaltyKind
from mingtang.disclosure.models import DerivedList, Penalty
from mingtang.events import types, vault
from mingtang.events.log import SYSTEM, record
from mingtang.events.models import PayloadKey
from mingtang.guard.clear import clear_text
from mingtang.lib.canonical import canonical_json
from mingtang.lib.errors import Refused
from mingtang.lib.identifiers import age_on, birth_of, check_resident_id, check_uscc
from mingtang.lib.tx import act
from mingtang.people.enums import Permission, UnitKind
from mingtang.people.models import Staff, Unit
from mingtang.people.policies import actor, check_may, held_by
from mingtang.rulebook.laws.resolve import resolve
from mingtang.rulebook.models import Article
from mingtang.towns.models import Jurisdiction

ENTERED = types.define("penalty.entered", "登记行政处罚决定")
CONFIRMED = types.define("penalty.confirmed", "确认行政处罚决定")
CARRIED_OUT = types.define("penalty.carried_out", "行政处罚执行完毕")
ENDED = types.define("penalty.ended", "行政处罚决定失效")
FORGOTTEN = types.define("penalty.forgotten", "销毁行政处罚决定里的个人信息")
TEMPLATE = "penalties"
# Five years from the decision: the longest in which it may be taken to court (行政诉讼法 46).
KEPT = timedelta(days=5 * 365 + 2)
MAX_NUMBER, MAX_CAUSE, MAX_NAME, MAX_CONTENT, MAX_REASON, ADULT = 40, 100, 60, 100, 140, 18
MONEY = {PenaltyKind.FINE, PenaltyKind.GAINS, PenaltyKind.GOODS}
_BRACKETS = str.maketrans("[［【(（]］】)）", "〔〔〔〔〔〕〕〕〕〕")


@dataclass(frozen=True)
class Entry:
    """What the paper of the decision says. ``amount`` in fen; ``law`` and ``article`` as people write them;
    ``id_number``: of a person the resident number, of an organisation its unified code or nothing."""

    unit: Unit
    number: str
    cause: str
    party: Party
    name: str
    id_number: str
    kinds: tuple[PenaltyKind, ...]
    amount: int | None
    content: str
    law: str
    article: str
    decided_on: date
    ground: PenaltyGround
    why: str


def plain_number(text: str) -> str:
    """文书号 however its brackets and blanks were typed."""
    return "".join(text.split()).translate(_BRACKETS)


def enter(*, town: Jurisdiction, entry: Entry, by: Staff) -> Penalty:
    """登记. It stands on no list before somebody else confirms it."""
    _check_may(by, Permission.DOCUMENT_DRAFT, town)
    number = clear_text(plain_number(entry.number), "请填写文书号。", "number", MAX_NUMBER, town=town.pk)
    cause = clear_text(entry.cause, "请填写案由。", "cause", MAX_CAUSE, town=town.pk)
    why = clear_text(entry.why, "请写明为什么公开或者不公开。", "why", town=town.pk)
    content = _content(entry, town)
    name = " ".join(entry.name.split())
    if not name or len(name) > MAX_NAME:
        raise Refused(f"请填写当事人的姓名或者单位名称，最多 {MAX_NAME} 个字。", field="name")
    if entry.unit.town_id != town.pk or entry.unit.kind == UnitKind.UTILITY:
        raise Refused("请选择本镇的处罚机关。", field="unit")
    if entry.decided_on > timezone.localdate():
        raise Refused("决定日期还没有到。请核对日期。", field="decided_on")
    _check_penalty(entry)
    identity = _identity(entry)
    if entry.party == Party.PERSON and len(name) > 1 and any(name in text for text in (number, cause, content, why)):
        raise Refused("文书号、案由、处罚内容和理由里不写当事人的姓名，请去掉。", field="cause")
    penalty = Penalty(
        town=town,
        unit=entry.unit,
        number=number,
        token=secrets.token_hex(16),
        cause=cause,
        kinds=[kind.value for kind in PenaltyKind if kind in entry.kinds],
        amount=entry.amount,
        content=content,
        article=_article(entry, town),
        decided_on=entry.decided_on,
        party=entry.party,
        ground=entry.ground,
        why=why,
        entered_by=by,
    )
    with act():
        Jurisdiction.objects.select_for_update().only("pk").get(pk=town.pk)
        if Penalty.objects.standing().filter(town=town, number=number).exists():
            raise Refused("这个文书号已经登记过了。请核对文书号。", field="number")
        penalty.serial = Penalty.objects.filter(town=town).count() + 1
        if entry.party == Party.PERSON:
            penalty.key = vault.new_key(town)
            person = {"name": name, "id_number": identity}
            penalty.person_sealed = vault.seal(penalty.key, canonical_json(person))
        else:
            penalty.organisation, penalty.uscc = name, identity
        penalty.event = record(town=town, type=ENTERED, subject=penalty.subject, by=actor(by), data=penalty.frozen())
        penalty.save()
    return penalty


def _check_may(by: Staff, power: str, town: Jurisdiction) -> None:
    """The staff of a public utility keep documents of their own, and punish nobody."""
    check_may(by, power, town)
    if held_by(by).tenant:
        raise Refused("公用单位没有行政处罚权，处罚决定由镇里的岗位登记。")


def _check_penalty(entry: Entry) -> None:
    if not entry.kinds:
        raise Refused("请选择处罚种类，可以选几种。", field="kinds")
    if bool(entry.amount) != bool(MONEY.intersection(entry.kinds)):
        raise Refused("有罚款、没收的，请填写金额；没有的，不填金额。", field="amount")


def _content(entry: Entry, town: Jurisdiction) -> str:
    """What the paper orders; a kind that the law does not name says nothing without it."""
    if not entry.content.strip() and PenaltyKind.OTHER not in entry.kinds:
        return ""
    asked = "选了“其他处罚”的，请写明处罚内容，例如：责令限期拆除。"
    return clear_text(entry.content, asked, "content", MAX_CONTENT, town=town.pk)


def _identity(entry: Entry) -> str:
    """The number in its canonical form. Raises ``Refused`` for a wrong one, and for a minor who would be public."""
    if entry.party == Party.ORGANISATION:
        checked = check_uscc(entry.id_number) if entry.id_number.strip() else None
    else:
        checked = check_resident_id(entry.id_number)
    if checked is not None and not checked:
        raise Refused(checked.message, field="id_number")
    if checked is None:
        return ""
    birth = birth_of(checked.number) if entry.party == Party.PERSON else None
    minor = birth is not None and age_on(birth, entry.decided_on) < ADULT
    if minor != (entry.ground == PenaltyGround.MINOR):
        said = "当事人作决定时不满 18 周岁，处罚决定不公开" if minor else "当事人已经满 18 周岁，或者是单位"
        raise Refused(f"{said}。请另选公开不公开的理由。", field="ground")
    return checked.number


def _article(entry: Entry, town: Jurisdiction) -> Article:
    resolution = resolve(entry.law, entry.article, entry.decided_on, town)
    if not resolution.holds:
        raise Refused(resolution.why, field="law")
    if len(resolution.found) != 1:
        raise Refused("依据请只写一条，例如：第六十五条。", field="article")
    return resolution.found[0].article


def _locked(penalty: Penalty) -> Penalty:
    Penalty.objects.select_for_update().only("pk").get(pk=penalty.pk)
    return _read(penalty)


def _read(penalty: Penalty) -> Penalty:
    return Penalty.objects.select_related("town", "unit", "key").get(pk=penalty.pk)


def confirm(*, penalty: Penalty, by: Staff) -> Penalty:
    """确认: another person has held it against the paper."""
    with act():
        penalty = _locked(penalty)
        _check_may(by, Permission.DOCUMENT_REVIEW, penalty.town)
        _check_stands(penalty)
        if penalty.confirmed_at:
            raise Refused("这份处罚决定已经确认过了。")
        if by.pk == penalty.entered_by_id:
            raise Refused("登记的人不能确认自己登记的，请由另一位同事确认。")
        event = record(town=penalty.town, type=CONFIRMED, subject=penalty.subject, by=actor(by), data={})
        penalty.confirmed_by, penalty.confirmed_at = by, event.recorded_at
        penalty.save(update_fields=["confirmed_by", "confirmed_at"])
    return penalty


def carry_out(*, penalty: Penalty, on: date, by: Staff) -> Penalty:
    """执行完毕, once."""
    with act():
        penalty = _locked(penalty)
        _check_may(by, Permission.DOCUMENT_DRAFT, penalty.town)
        _check_stands(penalty)
        if penalty.confirmed_at is None or penalty.carried_out_on:
            raise Refused("还没有确认，或者已经登记过执行完毕。请刷新后再看。")
        if not penalty.decided_on <= on <= timezone.localdate():
            raise Refused("执行完毕的日期要在决定那天和今天之间。请核对日期。", field="on")
        data = {"on": on.isoformat()}
        record(town=penalty.town, type=CARRIED_OUT, subject=penalty.subject, by=actor(by), data=data)
        penalty.carried_out_on = on
        penalty.save(update_fields=["carried_out_on"])
    return penalty


def end(*, penalty: Penalty, ending: PenaltyEnd, reason: str, by: Staff) -> list[DerivedList]:
    """失效, by another person than entered it. The lists shown with it are taken down in the same moment, with the
    reason for everybody (行政处罚法 48: within three days); they are handed back."""
    reason = clear_text(reason, "请写明理由，这句话会公开。", "reason", MAX_REASON, town=by.town_id)
    with act():
        # Before it is looked at: a colleague who shows a list at this moment is waited for.
        open_lists = _open_lists(penalty.town_id, penalty.decided_on)
        held = list(open_lists.select_for_update(of=("self",)).order_by("pk"))
        penalty = _locked(penalty)
        _check_may(by, Permission.DOCUMENT_REVIEW, penalty.town)
        _check_stands(penalty)
        if by.pk == penalty.entered_by_id:
            raise Refused("登记的人不能办理自己登记的，请由另一位同事办理。")
        if penalty.party == Party.PERSON and not penalty.forgotten and penalty.against in reason:
            raise Refused("理由会公开，不写当事人的姓名，请去掉。", field="reason")
        data = {"ending": ending.value}
        event = record(town=penalty.town, type=ENDED, subject=penalty.subject, by=actor(by), reason=reason, data=data)
        penalty.ending, penalty.ended_reason = ending, reason
        penalty.ended_by, penalty.ended_at = by, event.recorded_at
        penalty.save(update_fields=["ending", "ended_reason", "ended_by", "ended_at"])
        shown = [row for row in held if row.state == S.SHOWN and _stands_in(penalty, row)]
        return [actions.take_back_unsound(row=row, reason=_told(penalty), by=by) for row in shown]


def _open_lists(town: Any, day: Any) -> QuerySet[DerivedList]:
    """Lists of a town, in the making or shown, in whose period a day lies."""
    open_now = DerivedList.objects.filter(template=TEMPLATE, state__in=(S.MADE, S.CHECKED, S.SHOWN))
    return open_now.filter(town=town, from_on__lte=day, to_on__gte=day)


def outlived(today: date | None = None) -> QuerySet[Penalty]:
    """Decisions that still name a person and need to no more: old enough, or never theirs, and on no list."""
    over = Q(decided_on__lt=(today or timezone.localdate()) - KEPT) | Q(ending=PenaltyEnd.MISTAKEN)
    listed = Exists(_open_lists(OuterRef("town"), OuterRef("decided_on")))
    return Penalty.objects.filter(over, ~listed, key__wrapped__isnull=False).order_by("pk")


def forget(*, penalty: Penalty) -> Penalty:
    """Destroy the key under which name and number of the person lie: the row stays, with its number, its dates and what
    was decided. Raises ``Refused`` where a list was begun meanwhile that may tell of it."""
    with act():
        # A list that is being made waits, or is seen.
        Jurisdiction.objects.select_for_update().only("pk").get(pk=penalty.town_id)
        penalty = _locked(penalty)
        if not outlived().filter(pk=penalty.pk).exists():
            raise Refused("这份处罚决定里的个人信息还不到销毁的时候，或者已经销毁了。")
        event = record(town=penalty.town, type=FORGOTTEN, subject=penalty.subject, by=SYSTEM, data={})
        PayloadKey.objects.filter(pk=penalty.key_id).update(wrapped=None, destroyed_at=event.recorded_at)
    return _read(penalty)


def forget_outlived() -> None:
    """``forget`` what may be. A list that was begun meanwhile puts its decisions off to a later round."""
    for penalty in outlived():
        with suppress(Refused):
            forget(penalty=penalty)


def _check_stands(penalty: Penalty) -> None:
    if penalty.ended_at:
        raise Refused("这份处罚决定已经失效了。请刷新后再看。")


def _stands_in(penalty: Penalty, row: DerivedList) -> bool:
    return any(one.opened()[1].get("case") == penalty.number for one in actions.rows_of(row))


def _told(penalty: Penalty) -> str:
    """What everybody reads on the list that was taken down."""
    return f"{penalty.number}：{penalty.get_ending_display()}。{penalty.ended_reason}"


def code_of(penalty: Penalty) -> str:
    """The code with which whoever was punished opens their row; it goes out with the paper."""
    return code_for(penalty.token)


def opened_by(*, town: Jurisdiction, number: str, code: str) -> Penalty:
    """The decision of a number and its code. Raises ``Refused`` alike for a wrong code and for no such decision."""
    number = plain_number(number)[:MAX_NUMBER]
    penalty = Penalty.objects.standing().filter(town=town, number=number).first()
    check_code(town, number, code, code_hash(number, code_of(penalty)) if penalty else None)
    assert penalty is not None  # check_code refuses a number that does not exist
    return penalty
