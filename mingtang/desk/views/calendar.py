"""工作日历: a month at a glance, and the administrator's pen."""

import calendar as months
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import done, page, staff_required
from mingtang.desk.forms import CalendarDayForm
from mingtang.lib.errors import Refused
from mingtang.people.enums import Permission as P
from mingtang.people.policies import actor
from mingtang.workdays.actions import set_day as act_set_day
from mingtang.workdays.calendar import FIRST_YEAR, LAST_YEAR
from mingtang.workdays.models import CalendarDay
from mingtang.workdays.tables import calendar_for


def _chosen(request: HttpRequest) -> tuple[int, int]:
    """The month asked for; a damaged or impossible one is this month."""
    today = timezone.localdate()
    year, month = request.GET.get("year", ""), request.GET.get("month", "")
    if not (year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return today.year, today.month
    found = int(year[:4]), int(month[:2])
    inside = FIRST_YEAR <= found[0] <= LAST_YEAR and 1 <= found[1] <= 12
    return found if inside else (today.year, today.month)


def _weeks(request: HttpRequest, year: int, month: int) -> list[list[dict[str, Any] | None]]:
    known, today = calendar_for(request.town), timezone.localdate()
    own = set(
        CalendarDay.objects.filter(town=request.town, date__year=year, date__month=month).values_list("date", flat=True)
    )
    return [
        [
            {
                "day": day,
                "works": known.is_workday(day),
                "why": known.reason(day),
                "today": day == today,
                "own": day in own,
            }
            if day.month == month
            else None
            for day in week
        ]
        for week in months.Calendar(0).monthdatescalendar(year, month)
    ]


def calendar_page(
    request: HttpRequest, year: int, month: int, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    """One month, which days count, and why."""
    before = date(year - (month == 1), (month - 2) % 12 + 1, 1)
    after = date(year + (month == 12), month % 12 + 1, 1)
    known = calendar_for(request.town)
    weeks = _weeks(request, year, month)
    context = {
        "year": year,
        "month": month,
        "weeks": weeks,
        "workdays": sum(1 for week in weeks for cell in week if cell and cell["works"]),
        "confirmed": year in known.confirmed_years,
        "last_confirmed": max(known.confirmed_years, default=None),
        "before": before if before.year >= FIRST_YEAR else None,
        "after": after if after.year <= LAST_YEAR else None,
        "may_edit": request.viewer.may(P.CALENDAR_EDIT),
        "form": form or CalendarDayForm(),
    }
    return page(request, "desk/calendar.html", context, active="calendar", status=status)


@staff_required()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return calendar_page(request, *_chosen(request))


@staff_required(P.CALENDAR_EDIT)
@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """Say what one day of this town is; running limits are counted anew from the calendar."""
    form = CalendarDayForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            act_set_day(
                town=request.town,
                by=actor(request.user),
                day=data["day"],
                is_workday=data["is_workday"] == "yes",
                reason=data["reason"],
                source=data["source"],
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if form.errors:
        return calendar_page(request, *_chosen(request), form=form, status=422)
    day = form.cleaned_data["day"]
    word = "上班" if form.cleaned_data["is_workday"] == "yes" else "放假"
    return done(
        request, f"/desk/calendar/?year={day.year}&month={day.month}", f"{day.month}月{day.day}日已改为{word}。"
    )
