"""Sites and their hours, made by the real acts."""

from datetime import time

from mingtang.hall import sites
from mingtang.hall.models import Band, Site
from mingtang.people.models import Post
from tests.factories.cast import CENTRE, staff


def band(site: Site, kind: str, starts: int, ends: int, *posts: str) -> Band:
    """From hour to hour with these posts there."""
    there = list(Post.objects.filter(town=site.town, code__in=posts))
    assert len(there) == len(posts)
    return sites.keep_band(site=site, kind=kind, starts=time(starts), ends=time(ends), posts=there, by=staff(CENTRE))
