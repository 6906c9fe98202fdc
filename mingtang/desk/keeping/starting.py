"""What a new item says before anybody typed: what follows from its unit, the hall and the town."""

from typing import Any

from mingtang.hall.models import Site, Window
from mingtang.people.enums import Permission, UnitKind
from mingtang.people.models import Post, Unit
from mingtang.rulebook import enums
from mingtang.rulebook.models import Version
from mingtang.rulebook.spec import Spec, blank
from mingtang.towns.models import Jurisdiction

# Which posts are offered for which work: only they could do it.
POSTS = {
    "windows": Permission.CASE_INTAKE,
    "workers": Permission.CASE_WORK,
    "deciders": Permission.CASE_DECIDE,
}


def posts_for(town: Jurisdiction) -> dict[str, list[tuple[str, str]]]:
    """The posts of standing units by the work they may do, as (code, name)."""
    rows = Post.objects.filter(town=town, unit__dissolved_on__isnull=True).select_related("unit")
    posts = sorted(rows, key=lambda post: (post.unit.order, post.unit_id, post.name))
    return {
        name: [(post.code, str(post)) for post in posts if power in post.permissions] for name, power in POSTS.items()
    }


def first_draft(town: Jurisdiction, unit: Unit, name: str) -> dict[str, Any]:
    """A spec with everything that needs no asking: the window, the hall's address and hours, telephones, levels."""
    return {
        **blank(Spec),
        "name": name,
        "holder": unit.name if unit.kind == UnitKind.UTILITY else f"{town.name}人民政府",
        "power_holder": enums.PowerHolder.OWN.value,
        "served": [enums.Served.PERSON.value],
        "intake_days": 5,
        "visits": 1,
        "visibility": enums.Visibility.PUBLIC.value,
        "publication": {**blank(Spec)["publication"], "scope": enums.Disclosed.NONE.value},
        "listing": {
            **blank(Spec)["listing"],
            "level": enums.ExerciseLevel.TOWN.value,
            "holder_nature": enums.HolderNature.ORGAN.value,
            "ways": [enums.Way.WINDOW.value],
            "scope": enums.Scope.TOWN.value,
        },
        **_where(town, unit),
    }


def _where(town: Jurisdiction, unit: Unit) -> dict[str, Any]:
    """Where it is done and by whom, as far as that is plain."""
    windows = Window.objects.filter(town=town).select_related("site", "post")
    window = windows.filter(unit=unit).first() or windows.first()
    site = window.site if window else Site.objects.filter(town=town).first()
    deciders = posts_for(town)["deciders"]
    own = set(unit.posts.values_list("code", flat=True))
    near = [code for code, _ in deciders if code in own] or [code for code, _ in deciders][:1]
    return {
        "place": f"{site.name}，{site.address}" if site else unit.address,
        "hours": site.hours if site else "",
        "phone": unit.phone or town.phone,
        "complaint_phone": town.complaint_phone,
        "window_post": window.post.code if window else "",
        "decider_post": near[0] if len(near) == 1 else "",
    }


def copied(other: Version, unit: Unit, name: str) -> dict[str, Any]:
    """The text of another item under a new name; another unit has its own window and telephone."""
    data = {**other.whole, "name": name, "parts": []}
    return data if other.item.unit_id == unit.pk else data | _where(unit.town, unit)
