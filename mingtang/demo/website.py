"""What the official rules ask of the demo town's site: its marks, and last year's annual report. All numbers are
invented."""

from datetime import date, datetime, time

from django.utils import timezone

from mingtang.demo.town import TOWN
from mingtang.disclosure import columns, taking_in
from mingtang.disclosure.actions import Content, Metadata
from mingtang.disclosure.enums import Theme
from mingtang.disclosure.models import Document
from mingtang.events.log import CONSOLE
from mingtang.inspection import marks
from mingtang.lib.canonical import sha256_hex
from mingtang.lib.tx import act
from mingtang.people.models import Staff, Unit
from mingtang.towns.models import Jurisdiction

KEEPER = "qianfa"
MARKS = {
    "sponsor": "万庾镇人民政府",
    "site_code": TOWN["site_code"],
    "icp_record": "湘ICP备00000000号-1",
    "police_record": "湘公网安备 43062300000000号",
    "party_mark": "0" * 32,
    "phone": TOWN["phone"],
}
REPORT = sha256_hex(b"demo:annual-report")
BODY = (
    "<p>根据政府信息公开条例第五十条，现公布上一年度的政府信息公开工作年度报告（演示数字）。</p>"
    "<h2>一、总体情况</h2><p>全年主动公开政府信息 126 条，其中办事指南 38 条，财政资金 12 条。</p>"
    "<h2>二、主动公开政府信息情况</h2><p>没有制发规章。行政规范性文件制发 1 件，现行有效 3 件。</p>"
    "<h2>三、收到和处理政府信息公开申请情况</h2><p>新收 4 件，都已办结：予以公开 3 件，不掌握相关信息 1 件。</p>"
    "<h2>四、行政复议、行政诉讼情况</h2><p>没有因信息公开被申请行政复议、提起行政诉讼。</p>"
    "<h2>五、存在的主要问题及改进情况</h2><p>有的栏目更新不及时。今年每个栏目都定了责任岗位和时限。</p>"
    "<h2>六、其他需要报告的事项</h2><p>没有收取信息处理费。</p>"
)


def build_website(town: Jurisdiction) -> None:
    """Once; what stands already is left as it is."""
    town.refresh_from_db()
    with act():
        if not town.icp_record:
            marks.register(town=town, values=MARKS, by=Staff.objects.get(username=KEEPER))
        if not Document.objects.filter(town=town, identity=REPORT).exists():
            _report(town)


def _report(town: Jurisdiction) -> None:
    """Published on the earlier site in January, as the law wants it; here it is a document of the past."""
    today = timezone.localdate()
    day = min(today, date(today.year, 1, 20))
    unit = Unit.objects.get(town=town, code="party-office")
    edition = taking_in.draft_imported(
        town=town,
        metadata=Metadata(
            issuer=unit.name, unit=unit, theme=Theme.REPORT, generated_on=day, identity=REPORT, source="原网站（演示）"
        ),
        content=Content(f"万庾镇{today.year - 1}年政府信息公开工作年度报告（演示）", BODY),
        by=CONSOLE,
    )
    shown_at = timezone.make_aware(datetime.combine(day, time(9, 30)))
    taking_in.adopt_historical(edition=edition, by=CONSOLE, source_published_at=shown_at, source_has_time=True)
    columns.file_under(document=edition.document, codes=["a20-15"], by=CONSOLE)
