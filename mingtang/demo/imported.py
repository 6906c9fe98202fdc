"""What came over from the earlier site: one notice filed by a rule, three that wait in 未归栏. All invented."""

from mingtang.disclosure.filing import add_rules
from mingtang.disclosure.importing import import_readings
from mingtang.disclosure.models import Document
from mingtang.disclosure.reading import read_record
from mingtang.events.log import CONSOLE
from mingtang.people.models import Staff
from mingtang.towns.models import Jurisdiction

KEEPER = "qianfa"
SOURCE = "原网站（演示）"
# folder, what the old site called the column, title, day, text
OLD = (
    (
        "综合政务",
        "综合政务",
        "关于调整机关上下班时间的通知（演示）",
        "2019-04-28",
        "五月起下午两点半上班（演示）。",
    ),
    (
        "公告/2019",
        "通知公告",
        "关于集镇主街修补路面的公告（演示）",
        "2019-09-10",
        "十二日起修补，请绕行（演示）。",
    ),
    ("公告/2020", "通知公告", "关于清明节文明祭扫的公告（演示）", "2020-03-25", "进山不带火种，提倡鲜花祭扫（演示）。"),
    ("工作动态", "动态", "镇里召开春耕工作会议（演示）", "2020-02-20", "会议安排了春耕用水和育秧（演示）。"),
)


def build_imported(town: Jurisdiction) -> None:
    """Once; what was filed or ruled since is left as it is."""
    if Document.objects.filter(town=town, source_id="demo-old-1").exists():
        return
    keeper = Staff.objects.get(username=KEEPER)
    add_rules(town=town, field="theme_stated", stated="综合政务", codes=["theme-02"], by=keeper)
    readings = [
        read_record(
            {
                "id": f"demo-old-{number}",
                "title": title,
                "text": text,
                "theme": theme,
                "published_on": day,
                "issuer": town.name,
                "source": SOURCE,
            },
            f"{folder}/old.jsonl:{number}",
        )
        for number, (folder, theme, title, day, text) in enumerate(OLD, 1)
    ]
    import_readings(town, readings, publish=False, by=CONSOLE, report=lambda line: None)
