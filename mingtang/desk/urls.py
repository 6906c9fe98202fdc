"""Routes of the staff site, under /desk/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from mingtang.desk.views import (
    calendar,
    case_acts,
    cases,
    catalogue,
    compose,
    editor,
    entry,
    gate,
    hall,
    info,
    intake,
    items,
    keep,
    law_acts,
    law_lookup,
    law_text,
    laws,
    letters,
    people,
    session,
    slips,
    todo,
    wanted,
)


class CaseNumber(StringConverter):
    """Public and sealed case numbers; anything else is no address."""

    regex = "[0-9A-Z-]{6,24}"


class Code(StringConverter):
    """Codes of items and steps."""

    regex = "[0-9A-Za-z][0-9A-Za-z_-]{0,39}"


register_converter(CaseNumber, "desk_case")
register_converter(Code, "desk_code")

urlpatterns = [
    path("", todo.home, name="desk"),
    path("login", session.log_in, name="desk-login"),
    path("logout", session.log_out, name="desk-logout"),
    path("info/", info.index, name="desk-info"),
    path("info/new", editor.new, name="desk-info-new"),
    path("info/<int:pk>", info.show, name="desk-info-show"),
    path("info/<int:pk>/edit", editor.edit, name="desk-info-edit"),
    path("info/<int:pk>/preview", info.preview, name="desk-info-preview"),
    path("info/<int:pk>/files/<int:file>", info.attachment, name="desk-info-file"),
    path("info/<int:pk>/submit", info.submit, name="desk-info-submit"),
    path("info/<int:pk>/review", info.review, name="desk-info-review"),
    path("info/<int:pk>/sign", info.sign, name="desk-info-sign"),
    path("info/<int:pk>/publish", info.publish, name="desk-info-publish"),
    path("info/<int:pk>/return", info.send_back, name="desk-info-return"),
    path("info/<int:pk>/withdraw", info.withdraw, name="desk-info-withdraw"),
    path("info/<int:pk>/renew", editor.renew, name="desk-info-renew"),
    path("cases/", cases.index, name="desk-cases"),
    path("cases/new/<desk_code:code>", intake.new, name="desk-case-new"),
    path("cases/<desk_case:number>", cases.show, name="desk-case"),
    path("cases/<desk_case:number>/receipt", intake.receipt, name="desk-case-receipt"),
    path("cases/<desk_case:number>/applicant", cases.applicant, name="desk-case-applicant"),
    path("cases/<desk_case:number>/papers/<int:pk>.pdf", cases.paper, name="desk-case-paper"),
    path("cases/<desk_case:number>/files/<int:pk>", cases.material_file, name="desk-case-file"),
    path("cases/<desk_case:number>/receive", case_acts.receive, name="desk-case-receive"),
    path("cases/<desk_case:number>/notice", case_acts.notice, name="desk-case-notice"),
    path("cases/<desk_case:number>/supply-complete", case_acts.supply_complete, name="desk-case-supply-complete"),
    path("cases/<desk_case:number>/accept", case_acts.accept, name="desk-case-accept"),
    path("cases/<desk_case:number>/steps/<desk_code:step>", case_acts.opinion, name="desk-case-opinion"),
    path("cases/<desk_case:number>/decide", case_acts.decide, name="desk-case-decide"),
    path("cases/<desk_case:number>/redo", case_acts.redo, name="desk-case-redo"),
    path("cases/<desk_case:number>/not-accept", case_acts.not_accept, name="desk-case-not-accept"),
    path("cases/<desk_case:number>/serve", case_acts.serve, name="desk-case-serve"),
    path("cases/<desk_case:number>/withdraw", case_acts.withdraw, name="desk-case-withdraw"),
    path("cases/<desk_case:number>/acts/<slug:name>", case_acts.fold, name="desk-case-act"),
    path("items/", items.index, name="desk-items"),
    path("items/new", keep.new, name="desk-item-new"),
    path("items/compose", compose.new, name="desk-item-compose"),
    path("items/export", catalogue.export, name="desk-catalogue-export"),
    path("items/import", catalogue.index, name="desk-catalogue"),
    path("items/import/<int:pk>", catalogue.show, name="desk-catalogue-import"),
    path("items/<desk_code:code>", items.item, name="desk-item"),
    path("items/<desk_code:code>/<int:number>", items.show, name="desk-item-version"),
    path("items/<desk_code:code>/<int:number>/edit", keep.edit, name="desk-item-edit"),
    path("items/<desk_code:code>/<int:number>/preview/intake", intake.preview, name="desk-item-preview-intake"),
    path("items/<desk_code:code>/<int:number>/renew", keep.renew, name="desk-item-renew"),
    path("items/<desk_code:code>/<int:number>/recompose", compose.again, name="desk-item-recompose"),
    path("items/<desk_code:code>/<int:number>/flow.svg", items.flow, name="desk-item-flow"),
    path("items/<desk_code:code>/<int:number>/acts/<slug:act>", gate.act, name="desk-item-act"),
    path("laws/", laws.index, name="desk-laws"),
    path("laws/new", law_text.new, name="desk-law-new"),
    path("laws/<int:pk>", laws.show, name="desk-law"),
    path("laws/<int:pk>/correct", law_text.correct, name="desk-law-correct"),
    path("laws/<int:pk>/amend", law_acts.amend, name="desk-law-amend"),
    path("laws/<int:pk>/amend/undo", law_acts.undo_amendment, name="desk-law-amend-undo"),
    path("laws/<int:pk>/abolish", law_acts.abolish, name="desk-law-abolish"),
    path("laws/<int:pk>/abolish/undo", law_acts.reinstate, name="desk-law-abolish-undo"),
    path("laws/titles", law_lookup.titles, name="desk-law-titles"),
    path("laws/article", law_lookup.article, name="desk-law-article"),
    path("slips/", slips.index, name="desk-slips"),
    path("slips/duties/<int:pk>", slips.answer, name="desk-slip-answer"),
    path("wanted/", wanted.index, name="desk-wanted"),
    path("wanted/<int:pk>", wanted.show, name="desk-wanted-show"),
    path("wanted/<int:pk>/<slug:act>", wanted.act, name="desk-wanted-act"),
    path("entry/", entry.index, name="desk-entry"),
    path("entry/rows/<int:pk>/leave", entry.leave, name="desk-entry-leave"),
    path("entry/milestones/<int:pk>/sign", entry.sign, name="desk-milestone-sign"),
    path("entry/milestones/<int:pk>/move", entry.move, name="desk-milestone-move"),
    path("entry/<desk_code:code>", entry.show, name="desk-entry-item"),
    path("entry/<desk_code:code>/<slug:act>", entry.act, name="desk-entry-act"),
    path("hall/", hall.index, name="desk-hall"),
    path("hall/<int:pk>", hall.show, name="desk-hall-site"),
    path("hall/<int:pk>/<slug:act>", hall.act, name="desk-hall-act"),
    path("letters/", letters.index, name="desk-letters"),
    path("letters/new", letters.new, name="desk-letter-new"),
    path("letters/<int:pk>", letters.show, name="desk-letter"),
    path("letters/<int:pk>/revoke", letters.revoke, name="desk-letter-revoke"),
    path("people/", people.index, name="desk-people"),
    path("people/windows/<int:pk>/close", people.close_window, name="desk-window-close"),
    path("people/windows/<int:pk>/open", people.open_window, name="desk-window-open"),
    path("calendar/", calendar.index, name="desk-calendar"),
    path("calendar/day", calendar.set_day, name="desk-calendar-day"),
]
