"""A day of three hundred visits with honest and dishonest clerks, by the real acts under a clock moved by hand.

What is done dishonestly is written down as it is done, in the words of the report that should name it.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mingtang.cases import actions as cases
from mingtang.cases.models import Case
from mingtang.demo.fees import CODE as METER
from mingtang.demo.fees import build_fees
from mingtang.demo.hall import build_hall
from mingtang.demo.money import ACCOUNTS
from mingtang.hall import booking, counter, pads, presence, tickets
from mingtang.hall.doubts import DoubtKind as D
from mingtang.hall.models import Contact, Errand, Owner, Pad, Window
from mingtang.lib.errors import Refused
from mingtang.lib.money import plain_yuan
from mingtang.money import actions as money
from mingtang.money.models import Account, Notice
from mingtang.people.models import Post, Unit
from mingtang.rulebook import slips
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import CASHIER, CLERK_1, CLERK_3, LAND, SIGNER, staff
from tests.factories.hall import CLERKS, hall_of, items, taken, window

MONDAY = datetime(2026, 3, 16, 1, tzinfo=UTC)
DAY = date(2026, 3, 17)
AGENT, LAW = "cunban", "办法第三条"
FIRM: dict[str, str | int] = {"user": "firm", "meters": 2}

# How many come, how, and what they or the clerk are about: 300 in all.
KIOSK = {
    "question": 40, "notice": 36, "refused": 16, "case": 50, "fee": 5, "two": 14, "handed": 10, "declined": 4,
    "leaves": 12, "late_back": 8, "never_back": 4,
    "unended": 5, "not_taken_over": 3, "answered_for_paper": 5, "window_empty": 3, "erased": 3, "hidden": 1,
    "ended_behind": 1, "outcome_behind": 1, "owner_behind": 1,
}  # fmt: skip
BOOKED = {"comes": 18, "cancels": 2, "absent": 4}
SLIPS, WALK_INS, ONLINE, WITHOUT_NUMBER = 25, 8, 17, 4
VISITS = sum(KIOSK.values()) + sum(BOOKED.values()) + SLIPS + WALK_INS + ONLINE + WITHOUT_NUMBER


class Day:
    """Made by ``live``; afterwards the clock stands on Friday evening and the nights between were closed."""

    def __init__(self, town: Jurisdiction, clock, seed: int) -> None:
        self.town, self.clock, self.chance = town, clock, random.Random(seed)
        self.plans: dict[int, str] = {}
        self.doubts: set[tuple[str, str]] = set()
        self.missing: set[int] = set()
        self.gaps: set[int] = set()
        self.changed: set[str] = set()
        self.behind: list[Callable[[], None]] = []
        self.handed_in: list[str] = []
        self.land = Post.objects.get(town=town, code="land-review")

    def live(self) -> None:
        build_fees(self.town)
        build_hall(self.town)
        for code, payee, bank, number in ACCOUNTS:
            unit = Unit.objects.get(town=self.town, code=code) if code else None
            money.set_account(town=self.town, unit=unit, payee=payee, bank=bank, number=number, by=staff(SIGNER))
        self.pad = Pad.objects.select_related("site", "town").get(town=self.town)
        self._book()
        self.clock.move_to(MONDAY + timedelta(hours=23, minutes=35))  # Tuesday, 8:35
        arrivals = [self._kiosk] * sum(KIOSK.values()) + [self._walk_in] * WALK_INS + [self._online] * ONLINE
        arrivals += [self._without_number] * WITHOUT_NUMBER
        self.chance.shuffle(arrivals)
        self.wants = [name for name, number in KIOSK.items() for _ in range(number)]
        self.chance.shuffle(self.wants)
        for arrival in arrivals:
            self.clock.shift(timedelta(seconds=self.chance.randrange(70, 140)))
            self._check_in()
            arrival()
            self._serve(self.chance.choice(list(CLERKS)))
        self.clock.move_to(MONDAY + timedelta(days=1, hours=7, minutes=50))  # the last bookings come at 16:50
        self._check_in()
        for number in CLERKS:
            while self._serve(number):
                self.clock.shift(timedelta(seconds=20))
        self._slips()
        self._off_list()
        self._nights()
        self._pay()
        for change in self.behind:
            change()

    # Coming

    def _book(self) -> None:
        self.clock.move_to(MONDAY)
        self.booked: list[Contact] = []
        plans = [name for name, number in BOOKED.items() for _ in range(number)]
        self.chance.shuffle(plans)
        slots = [slot for slot in booking.slots(hall_of(self.town), DAY) for _ in range(slot.free)]
        for plan, slot in zip(plans, slots, strict=False):
            contact = booking.book(site=hall_of(self.town), begins=slot.begins, items=items("LN-001"))
            self.plans[contact.pk] = "notice"
            if plan == "cancels":
                tickets.cancel(contact=contact)
            if plan == "comes":
                self.booked.append(contact)

    def _check_in(self) -> None:
        for contact in [row for row in self.booked if row.booked_for - timedelta(minutes=20) <= timezone.now()]:
            tickets.check_in(contact=contact)
            self.booked.remove(contact)

    def _kiosk(self) -> None:
        plan = self.wants.pop()
        codes = {
            "question": [], "two": ["LN-001", "JF-001"], "fee": [METER], "handed": ["JF-001"],
            "case": [self.chance.choice(["LN-001", "JF-001", "LM-001", "JZ-001"])],
        }.get(plan, ["LN-001"])  # fmt: skip
        self.plans[taken(self.town, *codes).pk] = plan

    def _walk_in(self) -> None:
        contact = counter.receive(window=window(1), items=items("LN-001"), by=staff(CLERK_1))
        self._case(contact.errands.get(), CLERK_1)

    def _online(self) -> None:
        code = self.chance.choice(["JF-001", "LM-001"])
        self._carry(acts.apply(self.town, code).case, self.chance.randrange(4))

    def _without_number(self) -> None:
        case = acts.apply(self.town, "JF-001", by=staff(CLERK_3)).case
        self.doubts.add((D.UNNUMBERED, case.number))

    # Serving

    def _serve(self, number: int) -> bool:
        """The window calls and does what the visit is about; False when nobody waits for it."""
        by = staff(CLERKS[number])
        try:
            contact = counter.call_next(window=window(number), by=by)
        except Refused as refusal:
            assert "没有人等" in refusal.message
            return False
        self.clock.shift(timedelta(seconds=15))
        plan = self.plans[contact.pk]
        before = {"leaves": tickets.leave, "window_empty": tickets.nobody}
        if plan in before:
            before[plan](contact=contact)
        elif plan in ("late_back", "never_back"):
            counter.recall(contact=contact, by=by)
            counter.skip(contact=contact, by=by)
            if plan == "late_back":
                self.plans[contact.pk] = "notice"
                tickets.come_back(contact=contact)
        else:
            counter.start(contact=contact, by=by)
            getattr(self, f"_{plan}", self._notice)(contact, by)
        if plan == "window_empty":
            self.doubts.add((D.NOBODY, contact.label))
        return True

    def _end(self, contact: Contact, by, outcome: str) -> None:
        for errand in contact.errands.filter(outcome=""):
            note = "还差照片，请带来。" if outcome == "notice" else ""
            counter.settle(errand=errand, outcome=outcome, clause=LAW, note=note, by=by)

    def _question(self, contact: Contact, by) -> None:
        self._end(contact, by, "answered")

    def _notice(self, contact: Contact, by) -> None:
        self._end(contact, by, "notice")

    def _refused(self, contact: Contact, by) -> None:
        self._end(contact, by, "refused")

    def _case(self, contact_or_errand, by) -> None:
        errand = contact_or_errand if isinstance(contact_or_errand, Errand) else contact_or_errand.errands.get()
        by = staff(by) if isinstance(by, str) else by
        case = acts.apply(self.town, errand.item.code, by=by, errand=errand).case
        self._carry(case, self.chance.randrange(4))

    def _carry(self, case: Case, far: int) -> None:
        """On to acceptance, through every step, to the decision, to its service: as far as chance takes it."""
        self.handed_in.append(case.number)
        code, clerk = case.item.code, acts.clerk_of(case.item.code)
        if far >= 1:
            cases.accept(case=case, by=clerk)
        if far >= 2:
            for step, owner in acts.WORK[code][2]:
                cases.opinion(case=acts.fresh(case), step_key=step, agrees=True, text="核对无误。", by=staff(owner))
            cases.decide(case=acts.fresh(case), outcome="granted", reasons="", by=acts.decider_of(code))
        if far >= 3:
            cases.serve(case=acts.fresh(case), mode="direct", receiver="文小满（演示）", by=clerk)

    def _fee(self, contact: Contact, by) -> None:
        errand = contact.errands.get()
        case = acts.apply(self.town, METER, by=by, errand=errand, answers=FIRM, seen={"id"}).case
        cases.accept(case=case, by=by)
        self.handed_in.append(case.number)

    def _two(self, contact: Contact, by) -> None:
        errand = contact.errands.filter(outcome="").first()
        counter.settle(errand=errand, outcome="notice", note="还差照片。", by=by)
        if errand.order == 1:
            self.plans[contact.pk] = "notice"
            counter.add(contact=contact, item=None, by=by)
            counter.forward(contact=contact, by=by)

    def _handed(self, contact: Contact, by) -> None:
        counter.offer(contact=contact, post=self.land, reason="要看底册", by=by)
        counter.take_over(contact=contact, by=staff(LAND))
        self._end(contact, staff(LAND), "refused")

    def _declined(self, contact: Contact, by) -> None:
        counter.offer(contact=contact, post=self.land, reason="要看底册", by=by)
        counter.decline(contact=contact, reason="底册在窗口", by=staff(LAND))
        self._notice(contact, by)

    # Dishonest

    def _unended(self, contact: Contact, by) -> None:
        self.doubts.add((D.OPEN, contact.label))

    def _not_taken_over(self, contact: Contact, by) -> None:
        counter.offer(contact=contact, post=self.land, reason="不归我管", by=by)
        self.doubts.add((D.NOT_TAKEN_OVER, contact.label))

    def _answered_for_paper(self, contact: Contact, by) -> None:
        self._end(contact, by, "answered")
        self.doubts.add((D.ANSWERED, contact.label))

    def _erased(self, contact: Contact, by) -> None:
        self._notice(contact, by)
        self._hidden(contact, by)

    def _hidden(self, contact: Contact, by) -> None:
        """Begun, never ended, and taken out of the database so that nobody asks."""
        self.missing.add(contact.serial)
        self.changed.add(contact.number)
        self.behind.append(lambda: erase(contact))

    def _ended_behind(self, contact: Contact, by) -> None:
        """Begun and never ended; in the database it ends as if somebody had."""
        self.changed.add(contact.number)
        now, rows = timezone.now(), Contact.objects.filter(pk=contact.pk)
        self.behind.append(lambda: rows.update(state="ended", ended_at=now))

    def _outcome_behind(self, contact: Contact, by) -> None:
        self._refused(contact, by)
        self.changed.add(contact.number)
        self.behind.append(lambda: contact.errands.update(outcome="case"))

    def _owner_behind(self, contact: Contact, by) -> None:
        self._notice(contact, by)
        self.changed.add(contact.number)
        self.behind.append(lambda: contact.owners.update(post=self.land))

    def _slips(self) -> None:
        """Of the village's pad: two are skipped, one is spoiled, one stays open, one is entered on Friday, the last is
        taken out again; one that is entered twice is refused.
        """
        agent, numbers = staff(AGENT), [slip for slip in range(1, SLIPS + 4) if slip not in (7, 19)]
        self.gaps |= {7, 19}
        pads.void_slip(pad=self.pad, slip=12, reason="写坏了", by=agent)
        numbers.remove(12)
        *numbers, late, last = numbers
        self.clock.move_to(MONDAY + timedelta(days=2, hours=2))  # Wednesday, 11:00
        for slip in numbers:
            contact = self._slip(slip)
            if slip == 5:
                self.doubts.add((D.OPEN, contact.label))
            else:
                self._notice(contact, agent)
        with pytest.raises(Refused, match="一张号单只用一次"):
            self._slip(numbers[0])
        with pytest.raises(Refused, match="只有 1 到 50 号"):
            self._slip(51)
        self.clock.move_to(MONDAY + timedelta(days=4, hours=2))  # Friday, 11:00
        contact = self._slip(late)
        self._notice(contact, agent)
        self.doubts.add((D.LATE, contact.label))
        contact = self._slip(last)
        self._notice(contact, agent)
        self.gaps.add(last)
        self.changed.add(contact.number)
        self.behind.append(lambda: erase(contact))

    def _slip(self, slip: int) -> Contact:
        came = MONDAY + timedelta(days=1, minutes=slip)
        return pads.enter_slip(pad=self.pad, slip=slip, came_at=came, items=items("LN-001"), by=staff(AGENT))

    def _off_list(self) -> None:
        """One clerk writes down what was asked beyond the list, one resident reports it."""
        version = acts.in_force(self.town, "LM-001")
        slips.issue(version=version, asked="村里的证明", why="怕有纠纷", by=staff(CLERK_3), submission="one")
        slips.report(version=acts.in_force(self.town, "JF-001"), asked="四邻签字", submission="two")
        self.doubts |= {(D.OFF_LIST, "LM-001"), (D.OFF_LIST, "JF-001")}

    def _nights(self) -> None:
        """On Friday two press at the station and nobody comes; window 3 acts in time. Then all is looked at."""
        there = Window.objects.select_related("site", "town", "post").get(site=self.pad.site)
        self.clock.shift(timedelta(minutes=1))
        for empty in (there, window(3)):
            presence.press(window=empty)
        self.clock.shift(timedelta(minutes=3))
        for empty in (there, window(3)):
            presence.press(window=empty)
        contact = counter.receive(window=window(3), items=[], by=staff(CLERK_3))
        self._question(contact, staff(CLERK_3))
        self.clock.move_to(MONDAY + timedelta(days=4, hours=9))
        tickets.close_days()

    def _pay(self) -> None:
        """All pay; of one the receipt is kept back, and one deposit is of nobody who owes."""
        notices = list(Notice.objects.filter(town=self.town).order_by("pk"))
        account = Account.objects.get(pk=notices[0].account_id)
        rows = [(row.total, row.number, f"B{n}") for n, row in enumerate(notices)] + [(500, "", "LOOSE")]
        lines = [f"{DAY},{plain_yuan(fen)},{serial},{number},司马付款甲" for fen, number, serial in rows]
        data = "\n".join(["交易日期,金额,流水号,附言,付款人", *lines]).encode()
        on = timezone.localdate()
        money.read_in(account=account, data=data, from_on=DAY, to_on=on, by=staff(CASHIER))
        for number, notice in enumerate(notices[1:]):
            paid = Notice.objects.get(pk=notice.pk)
            money.give_receipt(notice=paid, number=f"HN{number:04d}", given_on=on, by=staff(CASHIER))
        self.differences = {("no_receipt", notices[0].number), ("unknown", "LOOSE")}


def erase(contact: Contact) -> None:
    """What no program does: somebody with the database's own password takes a contact out."""
    tables = ("hall_contact", "hall_errand", "hall_owner")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            tail = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete{tail}")
        for model in (Errand, Owner):
            model.objects.filter(contact=contact)._raw_delete("default")
        Contact.objects.filter(pk=contact.pk)._raw_delete("default")
