"""Whatever people with several posts try, in whatever order: nothing is published without three of them."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mingtang.disclosure import actions
from mingtang.disclosure.enums import EditionState
from mingtang.disclosure.models import Document, Edition
from mingtang.lib.errors import Refused
from mingtang.people.models import Assignment, Post, Staff
from mingtang.towns.models import Jurisdiction
from tests.factories import acts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Small towns give one person several posts; the first may do everything.
POSTS = {
    "all": ("news-editor", "office-secrecy", "office-head"),
    "write-review": ("news-editor", "office-secrecy"),
    "review-sign": ("office-secrecy", "office-head"),
    "write-sign": ("news-editor", "office-head"),
}
people = st.sampled_from(sorted(POSTS))
texts = st.sampled_from(["甲", "乙", "丙"])


def passed(edition: Edition, by: Staff) -> Edition:
    return acts.passed(Edition.objects.select_related("revision").get(pk=edition.pk), by)


class Office(RuleBasedStateMachine):
    town: Jurisdiction
    staff: dict[str, Staff]

    @initialize()
    def begin(self):
        self.example = transaction.atomic()
        self.example.__enter__()
        self.edition = actions.draft(
            town=self.town, metadata=acts.metadata(self.town), content=acts.content(), by=self.staff["all"]
        )
        self.wrote = {self.edition.pk: {self.staff["all"].pk}}

    def teardown(self):
        if hasattr(self, "example"):
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def attempt(self, act, **arguments):
        try:
            return act(**arguments)
        except Refused:
            return None

    @rule(who=people, text=texts)
    def write(self, who, text):
        by = self.staff[who]
        if self.attempt(actions.revise, edition=self.edition, content=acts.content(body=f"<p>{text}</p>"), by=by):
            self.wrote[self.edition.pk].add(by.pk)

    @rule(who=people, text=texts)
    def begin_again(self, who, text):
        by, document = self.staff[who], self.edition.document
        if self.edition.state not in {EditionState.PUBLISHED, EditionState.WITHDRAWN}:
            return
        made = self.attempt(
            actions.new_edition, document=document, content=acts.content(body=f"<p>{text}</p>"), by=by, note="更正"
        )
        if made:
            self.edition, self.wrote[made.pk] = made, {by.pk}

    @rule(who=people)
    def send_back(self, who):
        self.attempt(actions.return_to_draft, edition=self.edition, by=self.staff[who], reason="请改")

    @rule(who=people)
    def withdraw(self, who):
        self.attempt(actions.withdraw, edition=self.edition, by=self.staff[who], ground="wrong", reason="有误")

    # Twice, so that a way leads to publication often enough.
    @rule(who=people)
    def go_on(self, who):
        self.forward(who)

    @rule(who=people)
    def go_on_too(self, who):
        self.forward(who)

    def forward(self, who):
        act = {
            EditionState.DRAFT: actions.submit,
            EditionState.IN_REVIEW: passed,
            EditionState.REVIEWED: actions.sign,
            EditionState.SIGNED: actions.publish,
        }.get(Edition.objects.get(pk=self.edition.pk).state)
        if act:
            self.attempt(act, edition=self.edition, by=self.staff[who])

    @rule(who=people, act=st.sampled_from([actions.submit, passed, actions.sign, actions.publish]))
    def try_anything(self, who, act):
        self.attempt(act, edition=self.edition, by=self.staff[who])

    @invariant()
    def what_is_public_had_three_persons_and_the_reviewed_text(self):
        if not hasattr(self, "edition"):
            return
        self.edition = Edition.objects.select_related("document", "revision").get(pk=self.edition.pk)
        for edition in Edition.objects.filter(published_at__isnull=False).select_related("revision"):
            writers, three = self.wrote[edition.pk], {edition.reviewer_id, edition.signer_id}
            assert len(three) == 2
            assert not three & writers
            assert edition.reviewed_sha256 == edition.revision.sha256 == edition.published_event.data["sha256"]
            seen.add(edition.number)
        assert Document.objects.filter(editions__state=EditionState.PUBLISHED).count() <= 1


seen: set[int] = set()


def test_no_sequence_of_acts_publishes_without_three_persons_and_the_reviewed_text(town):
    began = timezone.now()
    for name, posts in POSTS.items():
        person = Staff.objects.create(town=town, username=name, name=name, number=f"p-{name}")
        for code in posts:
            Assignment.objects.create(staff=person, post=Post.objects.get(town=town, code=code), valid_from=began)
    Office.town, Office.staff = town, {name: Staff.objects.get(username=name) for name in POSTS}
    seen.clear()
    run_state_machine_as_test(Office, settings=settings(max_examples=50, stateful_step_count=50))
    assert seen >= {1, 2}, "the walks never reached a publication, so they proved nothing"
