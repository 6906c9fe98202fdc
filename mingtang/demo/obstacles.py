"""What people of the demo town could not get done, and what came of it: each end once, two that are still open."""

from mingtang.cases.enums import Outcome
from mingtang.cases.models import Case
from mingtang.people.models import Post, Staff
from mingtang.rulebook.models import Item
from mingtang.towns.models import Jurisdiction
from mingtang.voices import actions
from mingtang.voices.actions import Told
from mingtang.voices.enums import Channel, Reason
from mingtang.voices.models import Obstacle


def build_obstacles(town: Jurisdiction) -> None:
    """Told online, at the screen and at the counter."""
    if Obstacle.objects.filter(town=town).exists():
        return

    def person(username: str) -> Staff:
        return Staff.objects.get(town=town, username=username)

    def told(
        name: str, reason: str, text: str, code: str = "", by: str = "", channel: str = Channel.ONLINE
    ) -> Obstacle:
        return actions.report(
            town=town,
            channel=Channel.DESK if by else channel,
            reason=reason,
            told=Told(text),
            submission=f"demo-obstacle-{name}",
            item=Item.objects.get(town=town, code=code) if code else None,
            by=person(by) if by else None,
        ).obstacle

    clerk, head = person("chuangkou1"), person("zhuren")
    granted = Case.objects.filter(town=town, sealed=False, outcome=Outcome.GRANTED).order_by("pk").first()
    if granted is not None:
        row = told("done", Reason.SENT_AROUND, "（演示）窗口和站所互相推，跑了三趟。", granted.item.code, "chuangkou1")
        actions.solve(obstacle=row, case_number=granted.number, by=clerk)
    row = told("rule", Reason.RULE, "（演示）外出务工回不来，本人到场这一条做不到。", "JF-001", "chuangkou1")
    actions.offer(
        obstacle=row, post=Post.objects.get(town=town, code="centre-head"), reason="要改规定，请中心来办", by=clerk
    )
    actions.take_over(obstacle=row, by=head)
    actions.change(obstacle=row, by=head)
    row = told("cannot", Reason.NO_CLAUSE, "（演示）说基本农田上不能建房，没有说依据。")
    actions.sort(obstacle=row, reason=row.reason, item=Item.objects.get(town=town, code="JF-001"), unit=None, by=head)
    actions.explain(
        obstacle=row,
        clause="《中华人民共和国土地管理法》第三十七条",
        text="永久基本农田不能建房。可以在村庄规划里的建设用地上申请，村里和国土所帮着选地方。",
        by=head,
    )
    row = told("organ", Reason.OTHER_ORGAN, "（演示）要先改户口本上的名字，派出所的系统里查不到。", "", "chuangkou1")
    actions.pass_on(
        obstacle=row, organ="县公安局万庾派出所（演示）", receipt="11月20日收，单号 2026-0117（演示）", by=clerk
    )
    told("waiting", Reason.WAITING, "（演示）交了材料十几天，打电话没有人说得清。", "LM-001")
    told("screen", Reason.NOBODY_KNOWS, "（演示）屋后排水沟塌了，不知道归谁管。", channel=Channel.KIOSK)
