"""Many at once, on a real database with real commits: nothing is lost, nothing happens twice."""

import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from mingtang.cases import actions, numbers
from mingtang.cases.models import Case, CaseDocument, CaseErrand
from mingtang.disclosure import actions as documents
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.models import Document, Edition
from mingtang.disclosure.reading import read_record
from mingtang.events import follow
from mingtang.events.log import CONSOLE, record
from mingtang.events.models import Event, Sequenced, Unsequenced
from mingtang.events.sequencing import sequence_pending
from mingtang.hall import counter
from mingtang.hall.models import Contact, Errand
from mingtang.ledger.verifying import verify_log
from mingtang.lib.errors import Refused
from mingtang.lib.tx import act
from mingtang.people import actions as people
from mingtang.people.models import Post, Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from tests.factories import acts
from tests.factories.cast import CLERK_3, DECIDER, EDITOR, LAND, SIGNER, staff
from tests.factories.hall import window

# As many as the issue names for each database; every other one sits at the window with a number.
APPLICANTS = 100 if connection.vendor == "postgresql" else 20


@pytest.fixture
def here(own_database) -> Jurisdiction:
    return Jurisdiction.objects.get(code="430623107")


def second(username: str, post: str) -> Staff:
    """A colleague on the same post."""
    town = staff(username).town
    colleague = Staff.objects.create(town=town, username=f"{username}2", name="同事（演示）", number=f"{username}2")
    people.appoint(
        staff=colleague,
        post=Post.objects.get(town=town, code=post),
        by=CONSOLE,
        valid_from=timezone.now() - timedelta(days=1),
    )
    return colleague


def assert_one_did_it(answers: list[object], sentence: str) -> None:
    """One succeeded; every other got the sentence, and nothing else went wrong."""
    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    assert [answer for answer in answers if isinstance(answer, Exception) and answer not in refusals] == []
    assert len(refusals) == len(answers) - 1
    assert all(sentence in str(refusal) for refusal in refusals)


def assert_log_is_whole(town: Jurisdiction) -> None:
    follow.settle()
    indexes = list(Sequenced.objects.filter(town=town).order_by("index").values_list("index", flat=True))
    assert indexes == list(range(Event.objects.filter(town=town).count()))
    assert not Unsequenced.objects.exists()
    report = verify_log(town)
    assert report.ok, [str(finding) for finding in report.findings]


def test_applicants_online_and_at_the_window_at_once_lose_nothing(here, at_once):
    stop, clerk, house = threading.Event(), staff(CLERK_3), Item.objects.filter(code="JF-001")
    numbered = [
        counter.receive(window=window(3), items=house, by=clerk).errands.select_related("contact").get()
        for _ in range(APPLICANTS // 2)
    ]
    forms = [(f"form-{n}", None) for n in range(APPLICANTS - len(numbered))]
    forms += [(f"window-{errand.pk}", errand) for errand in numbered]

    def hand_in(form: str, errand: Errand | None) -> object:
        return acts.apply(here, "JF-001", token=form, by=clerk if errand else None, errand=errand)

    def sequencer() -> None:
        while not stop.is_set():
            sequence_pending()
        connections.close_all()

    beside = threading.Thread(target=sequencer)
    beside.start()
    try:
        answers = at_once(*(partial(hand_in, *form) for form in forms))
    finally:
        stop.set()
        beside.join(30)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    given_out = {answer.case.number for answer in answers}
    bodies = [f"WY{timezone.localdate().year}{n:06d}" for n in range(1, 2 * APPLICANTS)]
    possible = [body + numbers.check_character(body) for body in bodies if numbers.check_character(body) != "*"]
    assert given_out == set(possible[:APPLICANTS]) == set(Case.objects.values_list("number", flat=True))
    assert CaseDocument.objects.filter(kind="receipt").count() == APPLICANTS
    assert Case.objects.filter(materials__state="received").distinct().count() == APPLICANTS
    assert CaseErrand.objects.count() == Contact.objects.filter(state="ended").count() == len(numbered)
    assert_log_is_whole(here)


def test_one_form_sent_by_ten_at_once_is_one_case(here, at_once):
    answers = at_once(*(lambda: acts.apply(here, "JF-001", token="one-form") for _ in range(10)))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len({(answer.case.pk, answer.code) for answer in answers}) == 1
    assert Counter(answer.repeated for answer in answers) == {False: 1, True: 9}
    assert Case.objects.count() == 1


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(here, at_once):
    case, colleague = acts.worked(here, "JF-001"), second(DECIDER, "deputy-mayor")
    answers = at_once(
        lambda: actions.decide(case=case, outcome="granted", reasons="", by=staff(DECIDER)),
        lambda: actions.decide(case=case, outcome="refused", reasons="不符合规划。", by=colleague),
    )
    assert_one_did_it(answers, "可能有同事刚刚办理过")
    assert Event.objects.filter(type="case.decided").count() == 1
    assert CaseDocument.objects.filter(kind__in=["grant", "refusal"]).count() == 1
    assert_log_is_whole(here)


def test_of_two_who_accept_at_once_one_wins(here, at_once):
    case, colleague = acts.apply(here, "JF-001").case, second(CLERK_3, "window-3")
    answers = at_once(*(lambda by=by: actions.accept(case=case, by=by) for by in (staff(CLERK_3), colleague)))
    assert_one_did_it(answers, "可能有同事刚刚办理过")
    assert case.clocks.filter(kind="promise").count() == 1


def test_the_two_branches_of_a_joint_case_may_be_entered_at_the_same_moment(here, at_once):
    case = acts.accepted(here, "JF-001")
    answers = at_once(
        *(
            lambda step=step, who=who: actions.opinion(case=case, step_key=step, agrees=True, text="", by=staff(who))
            for step, who in acts.WORK["JF-001"][2]
        )
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert list(case.steps.filter(done_at__isnull=True).values_list("key", flat=True)) == ["decide"]


def test_one_step_entered_twice_at_once_is_done_once(here, at_once):
    case, colleague = acts.accepted(here, "JF-001"), second(LAND, "land-review")
    answers = at_once(
        *(
            lambda by=by: actions.opinion(case=case, step_key="land_review", agrees=True, text="", by=by)
            for by in (staff(LAND), colleague)
        )
    )
    assert_one_did_it(answers, "已经办完")


def test_of_two_acts_on_one_case_at_once_one_wins_and_the_other_is_told(here, at_once):
    clerk, colleague, head = staff(CLERK_3), second(CLERK_3, "window-3"), staff(DECIDER)
    new, served, late = acts.apply(here, "JF-001").case, acts.decided(here, "JF-001"), acts.accepted(here, "JF-001")
    taken_back = acts.decided(here, "JF-001")

    def hand_over(case: Case, by: Staff) -> object:
        return actions.serve(case=case, mode="direct", receiver="文小满", by=by)

    def send_on(case: Case, by: Staff) -> object:
        return actions.not_accept(case=case, reasons="不归本镇", competent_organ="县自然资源局", by=by)

    for pair in (
        (lambda: actions.accept(case=new, by=clerk), lambda: send_on(new, head)),
        (lambda: hand_over(served, clerk), lambda: hand_over(served, colleague)),
        (lambda: hand_over(taken_back, clerk), lambda: actions.withdraw(case=taken_back)),
        [lambda: actions.extend(case=late, working_days=3, reason="案情复杂", by=head)] * 2,
    ):
        answers = at_once(*pair)
        assert_one_did_it(answers, "")
        (told,) = [str(answer) for answer in answers if isinstance(answer, Refused)]
        assert "可能有同事刚刚办理过" in told or "已经" in told, told
    assert_log_is_whole(here)


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(here, at_once):
    edition = acts.signed(here)
    answers = at_once(*(lambda who=who: documents.publish(edition=edition, by=staff(who)) for who in (SIGNER, EDITOR)))
    assert_one_did_it(answers, "可能有同事刚刚办理过")
    assert Event.objects.filter(type="document.published").count() == 1
    assert Edition.objects.get(pk=edition.pk).state == "published"
    assert_log_is_whole(here)


def test_twelve_drafts_at_once_get_twelve_numbers_in_a_row(here, at_once):
    answers = at_once(*(lambda: acts.drafted(here) for _ in range(12)))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    serials = sorted(Document.objects.values_list("index_number", flat=True))
    assert [int(number[-7:]) for number in serials] == list(range(1, 13))


def test_two_corrections_begun_at_once_are_one(here, at_once):
    document = acts.published(here).document
    answers = at_once(
        *(
            lambda: documents.new_edition(document=document, content=acts.content(), by=staff(EDITOR), note="更正")
            for _ in range(2)
        )
    )
    assert_one_did_it(answers, "已经有一版正在起草")


def test_many_sequencers_give_each_event_one_number(here, at_once):
    for _ in range(30):
        with act():
            record(town=here, type="window.opened", subject="window:1", by=CONSOLE)
    answers = at_once(*(sequence_pending for _ in range(6)))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert_log_is_whole(here)


if connection.vendor == "postgresql":

    def test_a_transaction_that_commits_late_gets_a_later_number_and_holds_nobody_up(here):
        follow.settle()
        first = Sequenced.objects.filter(town=here).count()
        recorded, may_commit = threading.Event(), threading.Event()
        ids: dict[str, int] = {}

        def slow() -> None:
            with transaction.atomic():
                ids["slow"] = record(town=here, type="window.opened", subject="window:1", by=CONSOLE).pk
                recorded.set()
                may_commit.wait(30)
            connections.close_all()

        beside = threading.Thread(target=slow)
        beside.start()
        assert recorded.wait(30)
        with act():
            ids["quick"] = record(town=here, type="window.opened", subject="window:1", by=CONSOLE).pk
        follow.settle()
        assert Sequenced.objects.get(event_id=ids["quick"]).index == first
        may_commit.set()
        beside.join(30)
        follow.settle()
        assert ids["slow"] < ids["quick"]
        assert Sequenced.objects.get(event_id=ids["slow"]).index == first + 1
        assert_log_is_whole(here)

    def test_who_waited_for_a_colleague_acts_on_what_the_colleague_left(here):
        edition, author = acts.drafted(here), staff(EDITOR)
        answers: list[object] = []

        def submit() -> None:
            answers.append(documents.submit(edition=edition, by=author))
            connections.close_all()

        waits = threading.Thread(target=submit)
        with act():
            documents.revise(edition=edition, content=acts.content(body="<p>改过。</p>"), by=author)
            waits.start()
            deadline = time.monotonic() + 30
            while not somebody_waits_for_a_lock():
                assert time.monotonic() < deadline, "nobody waited"
        waits.join(30)
        [submitted] = answers
        assert (submitted.state, submitted.revision.number) == ("in_review", 2)

    def somebody_waits_for_a_lock() -> bool:
        with connection.cursor() as cursor:
            # Within a transaction the view stands still.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cursor.fetchone()[0] > 0


def test_two_imports_of_the_same_documents_at_once_leave_each_once(here, at_once):
    records = [
        {"id": f"a-{n}", "title": f"第{n}份", "text": "一句话。", "published_on": "2019-05-06"} for n in range(6)
    ]

    def imported(rows):
        return import_readings(here, map(read_record, rows), publish=False, by=CONSOLE, report=lambda line: None)

    counts = at_once(*(partial(imported, rows) for rows in (records, records, records[3:])))
    assert sorted((count.created + count.unchanged, count.refused) for count in counts) == [(3, 0), (6, 0), (6, 0)]
    assert sum(count.created for count in counts) == Document.objects.exclude(source_id="").count() == 6
    assert_log_is_whole(here)
