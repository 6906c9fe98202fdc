"""What the demo town learns from: law pages of the starting texts, campaigns, a session with its quiz.

What is invented is marked so.
"""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mingtang.demo.laws import CONGRESS, COUNCIL, Row, build_laws
from mingtang.lib.tx import act
from mingtang.people.models import Post, Staff
from mingtang.rulebook.laws.levels import LawLevel
from mingtang.study import mistakes, outreach, pages, questions, quiz, training
from mingtang.study.enums import Counting, Manner, Mistake
from mingtang.study.models import Outreach, Question, Session
from mingtang.study.outreach import Held
from mingtang.study.questions import Draft
from mingtang.study.subjects import subjects
from mingtang.towns.models import Jurisdiction

AUTHOR, REVIEWER, OWNER = "sifa", "baomi", "justice-head"
ASSEMBLY = "全国人民代表大会"
# What the starting texts cite: facts only, as in ``demo.laws``.
LAWS: tuple[Row, ...] = (
    ("中华人民共和国政府信息公开条例", LawLevel.REGULATION, COUNCIL, date(2019, 5, 15),
     (20, 21, 25, 26, 27, 29, 30, 33, 36, 41, 42, 43, 48, 51, 55)),
    ("中华人民共和国行政许可法", LawLevel.LAW, CONGRESS, date(2019, 4, 23), (30, 32, 34, 38, 42, 44, 45, 58, 59)),
    ("中华人民共和国行政复议法", LawLevel.LAW, CONGRESS, date(2024, 1, 1), (20, 23)),
    ("中华人民共和国行政诉讼法", LawLevel.LAW, ASSEMBLY, date(2017, 7, 1), (45, 46)),
    ("信访工作条例", LawLevel.REGULATION, COUNCIL, date(2022, 5, 1), (19, 23, 30, 34, 35)),
    ("优化营商环境条例", LawLevel.REGULATION, COUNCIL, date(2020, 1, 1), (28,)),
)  # fmt: skip
HANDOUT = "没有公开的信息，您可以申请；要带什么，窗口一次说清；没有依据的，一分钱也不收。（演示）"

Case = tuple[str, tuple[str, ...], int, str, tuple[str, str]]
# A question for a kind of mistake: story, answers, which is right, why, basis.
QUESTIONS: dict[str, Case] = {
    Mistake.CORRECTED: (
        "一份通知公开以后发现写错了，更正了一次。发现公开的信息不准确，该怎么办？",
        ("不声张，悄悄换掉", "写明更正了什么，公开更正", "等上级来查了再改"),
        1,
        "公开的信息要准确，错了要让看过的人都知道改了什么。",
        ("政府信息公开条例", "第二十条"),
    ),
    Mistake.SLIP: (
        "窗口在公布的材料以外，又要群众交一份证明。群众问凭什么，该怎么办？",
        ("先收下再说", "不在公布的目录里的不能要；要过的写明，开出格单", "让群众去找领导"),
        1,
        "要交的全部材料都要事先公示，公示以外的不能要。",
        ("行政许可法", "第三十条"),
    ),
    Mistake.OBSTACLE: (
        "群众来办一件事，条件不够，办不成。窗口的同事该怎么办？",
        ("说一声不行就可以", "书面写明理由，告诉他可以复议、可以起诉", "叫他过几天再来"),
        1,
        "不准的要给书面决定，写明理由，告诉他怎么救济。",
        ("行政许可法", "第三十八条"),
    ),
}
# username: was there, and what was chosen; none has not said yet.
CAME: dict[str, tuple[bool, int] | None] = {
    "bianji": (True, 1), "baomi": (True, 1), "chuangkou1": (True, 0), "chuangkou3": (True, 1), "chuangkou4": (True, 2),
    "shehui": (True, 1), "guotu": (False, 0), "linye": None, "gongdian": (True, 1),
}  # fmt: skip


def build_study(town: Jurisdiction) -> None:
    """Once; what stands already is left as it is."""
    build_laws(LAWS)
    people = {row.username: row for row in Staff.objects.filter(town=town, username__in=(AUTHOR, REVIEWER))}
    _pages(town, people)
    if not Outreach.objects.filter(town=town).exists():
        _campaigns(town, people[AUTHOR])
    if not Session.objects.filter(town=town).exists():
        training.require(town=town, year=timezone.localdate().year, minutes=240, by=people[AUTHOR])
        _session(town, people[AUTHOR], _questions(town, people))


def _pages(town: Jurisdiction, people: dict[str, Staff]) -> None:
    """All but one of the starting texts, so that a page shows what is missing."""
    owner = Post.objects.get(town=town, code=OWNER)
    standing = pages.current(town)
    for code, words in subjects().items():
        if code in standing or code == "refused":
            continue
        with act():
            edition = pages.propose(town=town, subject=code, words=words, owner=owner, by=people[AUTHOR])
            pages.publish(edition=edition, by=people[REVIEWER])


def _campaigns(town: Jurisdiction, by: Staff) -> None:
    today = timezone.localdate()
    handout = SimpleUploadedFile("宣传单（演示）.txt", HANDOUT.encode())
    for held in (
        Held(today - timedelta(days=40), "集镇农贸市场门口", Manner.MARKET, "怎样申请政府信息，窗口一次告知（演示）",
             126, Counting.ESTIMATED, (handout,), "发的宣传单"),
        Held(today - timedelta(days=12), "长堤村村部", Manner.MEETING, "救助公示怎样看、怎样提意见（演示）", 38,
             Counting.COUNTED),
    ):  # fmt: skip
        outreach.enter(town=town, held=held, by=by)


def _questions(town: Jurisdiction, people: dict[str, Staff]) -> list[Question]:
    """One for each kind of mistake that the town has made."""
    found = {one.mistake: one for one in mistakes.recent(town)}
    made = []
    for mistake, (story, options, correct, why, cited) in QUESTIONS.items():
        if mistake not in found:
            continue
        draft = Draft(mistake, found[mistake].source, story, options, correct, why, (cited,))
        question = questions.propose(town=town, draft=draft, by=people[AUTHOR])
        made.append(questions.publish(question=question, by=people[REVIEWER]))
    return made


def _session(town: Jurisdiction, by: Staff, asked: list[Question]) -> None:
    """A session nine days ago; some were there, one was not, one has not said; its quiz."""
    people = {row.username: row for row in Staff.objects.filter(town=town, username__in=CAME)}
    posts = list(Post.objects.filter(assignments__staff__in=people.values()).select_related("unit").order_by("pk"))
    held = training.Held(
        held_on=timezone.localdate() - timedelta(days=9),
        minutes=120,
        subject="政府信息公开条例和一次性告知（演示）",
        speaker="司法所所长",
        studied="《政府信息公开条例》第二十条、第三十三条\n《行政许可法》第三十二条",
        posts=posts,
    )
    session, _ = training.enter(town=town, held=held, by=by)
    if asked:
        quiz.put(session=session, chosen=asked, by=by)
    for row in session.attendances.select_related("staff"):
        if (said := CAME[row.staff.username]) is None:
            continue
        training.answer(attendance=row, present=said[0], by=row.staff)
        for question in asked if said[0] else ():
            quiz.answer(session=session, question=question, choice=said[1], by=row.staff)
