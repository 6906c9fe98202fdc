"""新闻: what a story claims stands at an address of this site, its figures with it, and it says when that changed."""

import pytest
from django.utils import timezone

from mingtang.demo.utilities import build_utilities
from mingtang.demo.wanted import build_wanted
from mingtang.disclosure import actions, masking, waiving
from mingtang.disclosure.enums import Mark
from mingtang.disclosure.models import Claim, Document, Edition, Revision
from mingtang.disclosure.proved import check_editions
from mingtang.disclosure.proved_stories import check_aside, check_claims
from mingtang.disclosure.requirements import issues
from mingtang.disclosure.stories import claims
from mingtang.disclosure.stories.aside import set_aside
from mingtang.disclosure.stories.claims import Typed, take
from mingtang.disclosure.stories.figures import lacking, numbers
from mingtang.disclosure.stories.reading import told
from mingtang.events.models import Event
from mingtang.lib.errors import Refused
from mingtang.rulebook import wanted
from mingtang.rulebook.models import Wanted
from mingtang.towns.viewer import Viewer
from mingtang.utilities import interruptions
from mingtang.utilities.models import Interruption
from tests.factories import acts, stories
from tests.factories.cast import EDITOR, POWER, REVIEWER, SIGNER, staff

NOTICE = acts.content(body="<p>赶集日在粮站前坪停车，有 40 个车位，不收费。</p>")


@pytest.mark.parametrize(
    ("said", "source", "missing"),
    [
        ("有 40 个车位", "粮站前坪有40个车位", []),
        ("花了 12 万元", "合计 120,000元", []),
        ("花了 1,200.50 元", "1200.5元", []),
        ("三十五户，两千零八元", "35 户，2008 元", []),
        ("二〇二六年", "2026年", []),
        ("少交两份材料", "少 3 份", ["两"]),
        ("一个窗口一次办好", "没有数", []),
        ("占 85％", "85 户", []),
        ("减了 50%", "从 10 减到 5", ["50"]),
        ("一万二千元", "12000 元", []),
    ],
)
def test_figures_are_looked_for_however_they_are_written(said, source, missing):
    assert lacking(said, source) == missing


def test_numbers_are_read_in_one_pass():
    assert numbers("十户、百元、１２３") == {"十": {"10"}, "百": {"100"}, "123": {"123"}}


@pytest.fixture
def notice(town):
    return acts.published(town, NOTICE).document


def refused(call, **given) -> str:
    with pytest.raises(Refused) as refusal:
        call(**given)
    return refusal.value.message


@pytest.mark.django_db
def test_what_is_claimed_needs_a_source_that_is_public_and_its_figures(town, notice):
    hidden = acts.drafted(town, acts.content("没有公开的一份")).document
    bare = stories.drafted(town, stories.NOTE, Typed(Mark.CLAIM, "停车不收费。"), Typed(Mark.QUOTE, "早该这样。"))
    said = refused(actions.submit, edition=bare, by=staff(EDITOR))
    assert "第 2 段“停车不收费。”没有写明出处" in said
    assert "第 3 段是引用的话，还没有写明是哪个岗位的人说的" in said
    for address, why in (
        (f"/info/{hidden.index_number}", "没有公开"),
        ("/info/2026-999", "找不到"),
        ("http://x.cn/a", "找不到"),
        ("http://[x", "找不到"),
    ):
        assert why in refused(take, town=town, typed=[Typed(Mark.CLAIM, "有一件事。", address=address)])

    wrong = stories.claim_of(notice, "粮站前坪有 60 个车位。")
    edition = actions.revise(edition=bare, content=stories.content(town, [wrong]), by=staff(EDITOR))
    assert "第 1 段写的“60”" in refused(actions.submit, edition=edition, by=staff(EDITOR))
    actions.submit(edition=edition, by=staff(EDITOR), plea="算上路边的二十个。")
    edition = Edition.objects.select_related("document__town", "revision").get(pk=edition.pk)
    finding = next(one.finding for one in issues(edition.document, edition.revision) if one.finding)
    waiving.waive(edition=edition, identity=finding.identity, reason="看过现场，路边还有二十个。", by=staff(REVIEWER))
    acts.passed(edition, staff(REVIEWER))

    # Between the signature and the publication the source is withdrawn: the sentence says which it was.
    actions.sign(edition=edition, by=staff(SIGNER))
    current = Edition.objects.get(pk=Document.objects.get(pk=notice.pk).current_id)
    actions.withdraw(edition=current, ground="wrong", reason="写错了。", by=staff(SIGNER))
    said = refused(actions.publish, edition=edition, by=staff(SIGNER))
    assert "第 1 段引的“关于赶集日停车的通告”没有公开，或者已经撤下" in said


@pytest.mark.django_db
def test_a_source_that_was_corrected_is_told_and_waits_for_a_correction(town, notice):
    right = stories.claim_of(notice, "粮站前坪有 40 个车位。")
    story = stories.published(town, stories.NOTE, right)
    assert story.revision.body_text == f"{stories.NOTE.text}\n粮站前坪有 40 个车位。"
    held = Claim.objects.get(revision=story.revision, order=2)
    assert held.sha256 == Document.objects.get(pk=notice.pk).current.revision.sha256
    viewer = Viewer(town=town, powers=frozenset({"document.draft"}))
    assert claims.overtaken(viewer) == []

    acts.corrected(Document.objects.get(pk=notice.pk).current, acts.content(body="<p>有 50 个车位。</p>"))
    ((edition, sentences),) = claims.overtaken(viewer)
    assert edition.pk == story.pk
    assert "此处所引的“关于赶集日停车的通告”已于" in sentences[0] and sentences[0].endswith("更正为第 2 版。")
    # The very words cannot be published again; taken anew they can, and nothing is left to do.
    again = actions.new_edition(
        document=story.document, content=stories.content(town, [right]), by=staff(EDITOR), note="车位多了。"
    )
    assert claims.overtaken(viewer) == []
    assert "“40”" in refused(actions.submit, edition=again, by=staff(EDITOR))
    content = stories.content(town, [stories.claim_of(notice, "粮站前坪有 50 个车位。")])
    acts.publish_draft(actions.revise(edition=again, content=content, by=staff(EDITOR)))
    assert claims.overtaken(viewer) == []

    # Of a leak not even the title stands beside the claim.
    current = Document.objects.get(pk=notice.pk).current
    actions.withdraw(edition=current, ground="personal", reason="有人的电话。", by=staff(SIGNER))
    ((_, sentences),) = claims.overtaken(viewer)
    assert sentences[0].startswith("此处所引的信息已于") and "停车" not in sentences[0]


@pytest.mark.django_db
def test_what_ended_as_it_was_told_is_said_and_asks_for_no_correction(town):
    build_utilities(town)
    cut = Interruption.objects.filter(state="out", starts_at__lte=timezone.now()).first()
    typed = Typed(Mark.CLAIM, f"{cut.places}停了。", address=f"/utilities/interruptions/{cut.pk}")
    story = stories.published(town, typed)
    interruptions.restore(interruption=cut, restored_at=timezone.now(), by=staff(POWER))
    (cited,) = told(town, story.revision).sources
    assert cited.since.endswith("恢复供应。")
    assert claims.overtaken(Viewer(town=town, powers=frozenset({"document.draft"}))) == []


@pytest.mark.django_db
def test_a_count_stays_with_the_claim_as_it_was(town):
    build_wanted(town)
    row = Wanted.objects.visible_to(Viewer(town=town)).get(text="办护照")
    typed = Typed(Mark.CLAIM, f"有 {row.times} 人次找“办护照”。", address=f"/asked#asked-{row.pk}")
    edition = stories.drafted(town, typed)
    wanted.add(town=town, counted={"办护照": 5}, day=timezone.localdate())
    story = acts.publish_draft(edition)
    assert f"{row.times} 人次" in story.revision.claims.get().stated
    assert told(town, story.revision).sources[0].since == ""
    unanswered = Wanted.objects.get(text="夜市摆摊卖烧烤")
    assert "找不到" in refused(
        take, town=town, typed=[Typed("claim", "有人找。", address=f"/asked#asked-{unanswered.pk}")]
    )


@pytest.mark.django_db
def test_a_story_is_proved_with_its_sources(town, notice):
    story = stories.published(town, stories.claim_of(notice, "粮站前坪有 40 个车位。"))
    event = Event.objects.get(pk=story.published_event_id)
    aside = set_aside(
        about=Event.objects.get(pk=notice.current.published_event_id), reason="大家都知道。", by=staff(EDITOR)
    )
    assert "已经放下了" in refused(set_aside, about=aside.about, reason="再放一次。", by=staff(EDITOR))
    assert not [*check_editions([event]), *check_claims(town), *check_aside(town)]
    revision = Revision.objects.get(pk=story.revision_id)
    forged = Claim(
        revision=revision, order=2, mark=Mark.CLAIM, text="没有的事。", address="/info/x", subject=notice.subject
    )
    forged.title, forged.version, forged.sha256, forged.on = "通告", "第 1 版", "0" * 64, notice.published_at.date()
    forged.save()
    assert [one.table for one in check_editions([event])] == ["disclosure_revision"]
    assert ["第 2 段的出处没有公开过" in one.what for one in check_claims(town)] == [True]


@pytest.mark.django_db
def test_a_phone_in_a_paragraph_is_hidden_with_its_source_kept(town, notice):
    edition = stories.drafted(town, stories.claim_of(notice, "有事打 13800138000，有 40 个车位。"))
    edition = masking.mask(edition=edition, by=staff(EDITOR))
    (held,) = edition.revision.claims.all()
    assert "13800138000" not in held.text + edition.revision.body_text
    assert held.subject == notice.subject and "40 个车位" in edition.revision.body_text
