"""叫号 at the window: call the next, serve, write down what came of it, hand over. One screen for a queue of thirty."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingtang.desk.access import done, page, served_posts, staff_required
from mingtang.hall import counter, tickets
from mingtang.hall.contacts import owner_of
from mingtang.hall.enums import ContactState, ErrandOutcome
from mingtang.hall.models import Contact, Errand, Owner, Window
from mingtang.lib.errors import Refused
from mingtang.lib.forms import form_token
from mingtang.lib.text import month_day_time
from mingtang.people.enums import Permission as P
from mingtang.people.models import Post
from mingtang.rulebook.models import Item, ItemFacts

POWERS = (P.CASE_INTAKE, P.CASE_WORK)
NEXT, ITEMS = 8, 300
OUTCOMES = [(outcome.value, outcome.label) for outcome in counter.WRITTEN]
STAGES = (ContactState.OWNED, ContactState.HANDING_OVER)


def _windows(request: HttpRequest) -> list[Window]:
    rows = Window.objects.visible_to(request.viewer).filter(post__in=served_posts(request))
    return list(
        rows.select_related("site__town", "post__unit", "substitute", "town").order_by("site__letter", "number")
    )


def _mine(windows: list[Window], key: str) -> Window | None:
    """The window that was chosen, else the first that is open."""
    chosen = next((window for window in windows if str(window.pk) == key), None)
    return chosen or next((window for window in windows if window.is_open), None) or next(iter(windows), None)


def _contacts(request: HttpRequest) -> Any:
    return Contact.objects.visible_to(request.viewer).select_related("site", "window", "rule")


def _row(contact: Contact, bad: dict[str, Any]) -> dict[str, Any]:
    """A contact as the counter shows it; ``bad`` is what was sent and refused, put back where it was typed."""
    now = timezone.now()
    rows = list(contact.errands.select_related("item__facts").order_by("order"))
    owner = owner_of(contact)
    waiting = contact.owners.filter(accepted_at__isnull=True, declined_at__isnull=True).select_related("post__unit")
    return {
        "contact": contact,
        "label": contact.label,
        "errands": [{"row": row, "typed": bad if bad.get("errand") == str(row.pk) else {}} for row in rows],
        "waited": contact.waited(now),
        "since": month_day_time(contact.started_at),
        "opened": month_day_time(contact.opened_at),
        "old": contact.day < timezone.localdate(now),
        "owner": str(owner.post) if owner else "",
        "offered": waiting.first(),
    }


def _page(
    request: HttpRequest, *, error: str = "", bad: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    windows, posts = _windows(request), served_posts(request)
    sent = request.POST if request.method == "POST" else request.GET
    window, bad = _mine(windows, sent.get("window", "")), bad or {}
    owners = Owner.objects.filter(contact__town=request.town, contact__state__in=STAGES).order_by("contact", "order")
    last: dict[int, Owner] = {}
    for row in owners.filter(accepted_at__isnull=False):
        last[row.contact_id] = row
    keys = [key for key, row in last.items() if row.post_id in {post.pk for post in posts}]
    offers = owners.filter(post__in=posts, accepted_at__isnull=True, declined_at__isnull=True)
    called = _contacts(request).filter(window=window, state=ContactState.CALLED).first() if window else None
    queue = list(counter.queue(window)[: NEXT + 1]) if window else []
    context = {
        "windows": windows,
        "window": window,
        "called": _row(called, bad) if called else None,
        "may_skip": bool(called and called.calls >= counter.CALLS_BEFORE_PASS),
        "owned": [_row(row, bad) for row in _contacts(request).filter(pk__in=keys).order_by("day", "started_at")],
        "offers": [_row(row, bad) for row in _contacts(request).filter(pk__in=offers.values("contact"))],
        "queue": [{"label": row.label, "waited": row.waited(timezone.now()), "rule": row.rule} for row in queue[:NEXT]],
        "waiting": counter.queue(window).count() if window else 0,
        "away": _away(request, window),
        "items": _items(request, posts),
        "posts": _posts(request),
        "outcomes": OUTCOMES,
        "needs": (ErrandOutcome.REFUSED.value, ErrandOutcome.NOTICE.value),
        "form_token": form_token(bad.get("form_token", "")),
        "error": error,
        "bad": bad,
    }
    return page(request, "desk/counter.html", context, active="counter", status=status)


def _away(request: HttpRequest, window: Window | None) -> list[Contact]:
    """Who missed the call today or has booked for today and may tell the clerk that they are here."""
    if window is None:
        return []
    rows = _contacts(request).filter(site=window.site_id, day=timezone.localdate())
    return list(rows.filter(state__in=(ContactState.PASSED, ContactState.BOOKED)).order_by("state", "serial")[:40])


def _items(request: HttpRequest, posts: list[Post]) -> list[tuple[str, str]]:
    """What may be asked for, one's own first."""
    codes = {post.code for post in posts}
    rows = ItemFacts.objects.visible_to(request.viewer).filter(suspended=False).select_related("item")
    found = [(row.item.code, row.name, row.window_post in codes) for row in rows.order_by("item__code")[:ITEMS]]
    return [(code, name) for code, name, _ in sorted(found, key=lambda row: not row[2])]


def _posts(request: HttpRequest) -> list[tuple[str, str]]:
    """Whom a contact may be handed to: the posts that work on cases."""
    rows = Post.objects.visible_to(request.viewer).filter(unit__dissolved_on__isnull=True).select_related("unit")
    return [(str(row.pk), str(row)) for row in rows.order_by("unit", "pk") if row.permissions.intersection(POWERS)]


@staff_required(*POWERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _key(request: HttpRequest, name: str) -> str:
    key = request.POST.get(name, "")
    return key if key.isascii() and key.isdigit() else "0"


def _item(request: HttpRequest) -> Item | None:
    code = request.POST.get("item", "")
    rows = Item.objects.visible_to(request.viewer).filter(facts__suspended=False)
    return get_object_or_404(rows.select_related("facts"), code=code) if code else None


def _window(request: HttpRequest) -> Window:
    return get_object_or_404(Window.objects.visible_to(request.viewer), pk=_key(request, "window"))


def _contact(request: HttpRequest) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.viewer), pk=_key(request, "contact"))


def _call(request: HttpRequest) -> str:
    contact = counter.call_next(window=_window(request), by=request.user)
    return f"正在叫 {contact.label} 号。"


def _receive(request: HttpRequest) -> str:
    item = _item(request)
    contact = counter.receive(
        window=_window(request),
        items=[item] if item else [],
        by=request.user,
        submission=form_token(request.POST.get("form_token", "")),
    )
    return f"已经登记，号是 {contact.label}。"


def _add(request: HttpRequest) -> str:
    counter.add(contact=_contact(request), item=_item(request), by=request.user)
    return "加了一件。"


def _settle(request: HttpRequest) -> str:
    rows = Errand.objects.filter(contact__in=Contact.objects.visible_to(request.viewer)).select_related("contact")
    errand = get_object_or_404(rows, pk=_key(request, "errand"))
    typed = {name: request.POST.get(name, "") for name in ("outcome", "clause", "note")}
    contact = counter.settle(errand=errand, by=request.user, **typed)
    return f"{contact.label} 号都有下落了。" if contact.ended_at else "记下了，还有别的事。"


def _offer(request: HttpRequest) -> str:
    posts = Post.objects.visible_to(request.viewer).select_related("unit")
    post = posts.filter(pk=_key(request, "post")).first()
    if post is None:
        raise Refused("请选择转交给哪个岗位。", field="post")
    counter.offer(contact=_contact(request), post=post, reason=request.POST.get("reason", ""), by=request.user)
    return f"已经转给{post}，对方接下以前仍由您负责。"


def _decline(request: HttpRequest) -> str:
    counter.decline(contact=_contact(request), reason=request.POST.get("reason", ""), by=request.user)
    return "已经退回，仍由原来的岗位负责。"


def _simple(act: Callable[..., Contact], words: str) -> Callable[[HttpRequest], str]:
    def run(request: HttpRequest) -> str:
        return words.format(act(contact=_contact(request), by=request.user).label)

    return run


ACTS: dict[str, Callable[[HttpRequest], str]] = {
    "call": _call,
    "recall": _simple(counter.recall, "又叫了一次 {} 号。"),
    "skip": _simple(counter.skip, "{} 号记了过号，当天可以回来。"),
    "check_in": _simple(tickets.check_in, "{} 号报到了。"),
    "come_back": _simple(tickets.come_back, "{} 号回来了，排在三个人后面。"),
    "start": _simple(counter.start, "开始接待 {} 号，现在由您负责。"),
    "receive": _receive,
    "add": _add,
    "settle": _settle,
    "forward": _simple(counter.forward, "{} 号排到别的窗口，位置不变。"),
    "offer": _offer,
    "take_over": _simple(counter.take_over, "{} 号现在由您负责。"),
    "decline": _decline,
}


@staff_required(*POWERS)
@require_POST
def act(request: HttpRequest, act: str) -> HttpResponse:
    """One act; a refusal keeps what was typed."""
    if act not in ACTS:
        raise Http404
    window = _key(request, "window")
    try:
        words = ACTS[act](request)
    except Refused as refusal:
        return _page(request, error=refusal.message, bad={"act": act, **request.POST.dict()}, status=422)
    return done(request, f"/desk/counter/?window={window}" if window != "0" else "/desk/counter/", words)
