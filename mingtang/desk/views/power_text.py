"""The text of a power: to list a new one, and to carry out a change that was decided."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.powers.sheet import MOST, PowerSheet, changes, fingerprint
from mingtang.desk.views.powers import power_of
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.rulebook.models import Law, PowerDecision
from mingtang.rulebook.powers import actions
from mingtang.rulebook.powers.enums import DutyKind

MOST_LAWS = 300


def _draw(
    request: HttpRequest,
    sheet: PowerSheet,
    *,
    decision: PowerDecision | None = None,
    different: list[tuple[str, str, str]] | None = None,
    seen: str = "",
) -> HttpResponse:
    problems = sheet.problems()
    titles = Law.objects.of(request.town).in_force(timezone.localdate()).order_by("title")
    context = {
        "form": sheet.form,
        "power": sheet.power,
        "decision": decision,
        "problems": problems,
        "basis": sheet.drawn("basis"),
        "duties": sheet.drawn("duties"),
        "full": {name: len(sheet.rows[name]) >= most for name, most in MOST.items()},
        "kinds": DutyKind.choices,
        "focus": sheet.focus,
        "unsaved": request.method == "POST",
        "titles": list(dict.fromkeys(titles.values_list("title", flat=True)[:MOST_LAWS])),
        "different": different,
        "seen": seen,
    }
    return page(request, "desk/powers/text.html", context, active="powers", status=422 if problems else 200)


@staff_required(P.ITEM_EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """List a power that the leading group decided on."""
    sheet = PowerSheet(request)
    if request.method == "GET":
        return _draw(request, sheet)
    act = request.POST.get("act", "save")
    if act != "save":
        sheet.do(act)
        return _draw(request, sheet)
    text = sheet.read()
    if text is not None:
        typed = sheet.form.cleaned_data
        try:
            power = actions.list_power(
                town=request.town,
                code=typed["code"],
                text=text,
                minutes_number=typed["minutes_number"],
                by=request.user,
            )
        except Refused as refusal:
            sheet.refuse(refusal)
        else:
            said = f"“{power.name}”已经列入权力清单，网页上看得到。群众要申请的，请接着对上办理事项。"
            return done(request, f"/desk/powers/{power.code}", said)
    return _draw(request, sheet)


@staff_required(P.ITEM_EDIT)
@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Carry out a decided change: today's text to begin with, and what is different shown before it is saved."""
    power = power_of(request, code)
    decision = actions.settled_change(power)
    if decision is None:
        messages.warning(request, "这项权力没有等着改的决定。要改内容，先在清理里集体决定“调整”。")
        return HttpResponseRedirect(f"/desk/powers/{code}")
    sheet = PowerSheet(request, power)
    if request.method == "GET":
        return _draw(request, sheet, decision=decision)
    act = request.POST.get("act", "see")
    if act not in {"see", "save"}:
        sheet.do(act)
        return _draw(request, sheet, decision=decision)
    text = sheet.read()
    if text is None:
        return _draw(request, sheet, decision=decision)
    different = changes(actions.text_of(power), text)
    seen = fingerprint(text)
    if act == "see" or (different and request.POST.get("seen") != seen):
        return _draw(request, sheet, decision=decision, different=different, seen=seen)
    try:
        actions.revise_power(decision=decision, text=text, by=request.user)
    except Refused as refusal:
        sheet.refuse(refusal)
        return _draw(request, sheet, decision=decision, different=different, seen=seen)
    return done(request, f"/desk/powers/{code}", f"“{text.name}”已经按集体决定改好，改了 {len(different)} 处。")
