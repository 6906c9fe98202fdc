"""Routes of the public site. An index number may hold a slash; catalogue pages stand under /info/c/…

The previews of what is not public yet stand under /desk/, because only staff may see them, and here, because they are
these very pages.
"""

from django.urls import path, register_converter

from mingtang.portal.gallery import gallery
from mingtang.portal.views import (
    apply,
    asked,
    cases,
    changes,
    drafts,
    enclosures,
    entry,
    feeds,
    fees,
    find,
    flow,
    hall,
    home,
    info,
    kiosk,
    laws,
    ledger,
    numbers,
    obstacles,
    powers,
    preview,
    search,
    service_list,
    services,
    site,
    situation,
    tickets,
    uploads,
)


class CaseNumber:
    """What can be the number of a case at all, of a public or of a sealed kind."""

    regex = "[0-9A-Za-z-]{1,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumber, "case")

urlpatterns = [
    path("", home.home),
    path("info/", info.catalogue),
    path("info/e/<int:edition>/<path:number>", info.old_edition),
    path("info/<path:number>.json", info.document_json),
    path("info/<path:number>.pdf", info.document_pdf),
    path("info/<path:number>", info.document),
    path("files/<int:pk>", info.attachment),
    path("hits/<int:pk>.gif", info.hit),
    path("services/", service_list.index),
    path("services/<slug:code>/apply", apply.apply),
    path("services/<slug:code>/situation", situation.situation),
    path("services/<slug:code>/flow", flow.page),
    path("services/<slug:code>/flow.svg", flow.wide),
    path("services/<slug:code>/flow-narrow.svg", flow.narrow),
    path("services/<slug:code>/flow-sheet.svg", flow.for_sheet),
    path("services/<slug:code>/flow.pdf", flow.paper),
    path("services/<slug:code>/flow.bpmn", flow.bpmn),
    path("services/<slug:code>/changes", changes.changes),
    path("services/<slug:code>/slip", changes.slip_form),
    path("services/<slug:code>/fees", fees.item_fees),
    path("slips/<slug:number>", changes.slip),
    path("services/<slug:code>/files/<slug:sha256>/<str:name>", enclosures.enclosure),
    path("services/<slug:code>.json", services.guide_json),
    path("services/<slug:code>", services.guide),
    path("desk/items/<slug:code>/<int:number>/preview", preview.guide),
    path("desk/items/<slug:code>/<int:number>/preview/apply", preview.apply),
    path("desk/items/<slug:code>/<int:number>/preview/situation", preview.situation),
    path("desk/items/<slug:code>/<int:number>/preview/flow.svg", preview.flow_svg),
    path("desk/items/<slug:code>/<int:number>/preview/flow-narrow.svg", preview.flow_narrow_svg),
    path("desk/items/<slug:code>/<int:number>/preview/flow.bpmn", preview.flow_bpmn),
    path("fees/", fees.index),
    path("fees.json", fees.index_json),
    path("fees/<slug:code>.json", fees.board_json),
    path("fees/<slug:code>", fees.board),
    path("laws/", laws.index),
    path("laws/alarms", laws.alarm_list),
    path("laws/<int:pk>", laws.law),
    path("powers/", powers.index),
    path("powers/cleanup", powers.clean_up),
    path("powers/findings", powers.misfits),
    path("powers/<slug:code>", powers.power),
    path("entry/", entry.index),
    path("entry/delegations", entry.delegations),
    path("hall/", hall.index),
    path("hall/badges/<int:pk>", hall.badge),
    path("hall/badges/<int:pk>/photo", hall.badge_photo),
    path("hall/numbers", numbers.index),
    path("hall/<slug:code>", hall.site),
    path("hall/<slug:code>/kiosk", kiosk.kiosk),
    path("hall/<slug:code>/take", kiosk.take),
    path("hall/<slug:code>/book", kiosk.book),
    path("hall/<slug:code>/calls", numbers.screen),
    path("hall/<slug:code>/calls.json", numbers.calls_json),
    path("hall/<slug:code>/<int:number>", hall.window),
    path("hall/<slug:code>/<int:number>/screen", hall.window_screen),
    path("hall/<slug:code>/<int:number>/nobody", kiosk.nobody),
    path("tickets/", tickets.find),
    path("tickets/<slug:number>", tickets.show),
    path("tickets/<slug:number>/<slug:act>", tickets.act),
    path("cases/", cases.find),
    path("cases/<case:number>/receipt", cases.receipt),
    path("cases/<case:number>/mine", cases.mine),
    path("cases/<case:number>/papers/<int:pk>.pdf", cases.paper),
    path("cases/<case:number>/proof.json", cases.proof_json),
    path("cases/<case:number>.json", cases.public_line_json),
    path("cases/<case:number>", cases.public_line),
    path("drafts/", drafts.find),
    path("drafts/<int:pk>", drafts.show),
    path("uploads/", uploads.begin),
    path("uploads/<slug:handle>", uploads.upload),
    path("search", search.results),
    path("asked", asked.index),
    path("obstacles/", obstacles.index),
    path("obstacles/new", obstacles.new),
    path("obstacles/mine", obstacles.mine),
    path("find", find.find),
    path("find/none", find.none),
    path("find/<slug:code>", find.slip),
    path("ledger/", ledger.index),
    path("ledger/checkpoint", ledger.checkpoint),
    path("ledger/entry/<int:number>", ledger.entry),
    path("ledger/entry/<int:number>.json", ledger.entry_json),
    path("ledger/tile/<path:path>", ledger.tile),
    path("sitemap", site.sitemap),
    path("sitemap.xml", feeds.sitemap_xml),
    path("feeds/info.atom", feeds.info_atom),
    path("accessibility", site.accessibility),
    path("gallery/", gallery),
    path("healthz", site.healthz),
    path("readyz", site.readyz),
]
