"""看得懂吗 of the demo town: three questions about building a house, ten invented answers, two slips not used yet."""

from mingtang.demo.documents import identity
from mingtang.disclosure.models import Document
from mingtang.people.models import Post, Staff
from mingtang.scrutiny import reading
from mingtang.scrutiny.models import ReadCheck
from mingtang.scrutiny.reading import Asked
from mingtang.towns.models import Jurisdiction

QUESTIONS = (
    Asked("建房的材料交到哪里？", ("村里", "便民服务中心3号窗口", "自然资源所"), 1, "把材料交到便民服务中心3号窗口"),
    Asked("一户可以有几处宅基地？", ("一处", "两处", "几处都行"), 0, "一户只有一处宅基地"),
    Asked("选用镇里的通用图样，收多少钱？", ("看面积", "不收费", "两百元"), 1, "镇里提供的通用图样，不收费"),
)
# Seven know all three; the others take the first answer, one of which is right.
RIGHT, GUESSED = (1, 0, 1), (0, 0, 0)
ANSWERS = (*[RIGHT] * 7, *[GUESSED] * 3)
SLIPS = len(ANSWERS) + 2


def build_reading(town: Jurisdiction) -> None:
    """Written by the editor, approved by the reviewer, entered from paper; a second run changes nothing."""
    if ReadCheck.objects.filter(town=town).exists():
        return
    author, reviewer = (Staff.objects.get(username=name) for name in ("bianji", "baomi"))
    document = Document.objects.get(town=town, identity=identity("house-guide"))
    owner = Post.objects.filter(unit=document.unit).order_by("pk").first()
    check = reading.propose(edition=document.current, questions=QUESTIONS, owner=owner, by=author)
    check = reading.approve(check=check, by=reviewer)
    slips = reading.print_slips(check=check, count=SLIPS, by=author)
    for slip, choices in zip(slips, ANSWERS, strict=False):
        reading.answer(town=town, number=slip.number, code=reading.code_of(slip), choices=choices, by=author)
