"""Opening hours in words, as pages and messages say them."""

from mingtang.hall.enums import BandKind, MarketCalendar
from mingtang.hall.models import Band, Site
from mingtang.hall.opening import Opening
from mingtang.hall.sites import market_words


def hours_words(opening: Opening, site: Site, post: str = "") -> list[str]:
    """The bands of a site by kind of day, or only those that a post serves: ``工作日 8:30—12:00，14:30—17:30``."""
    bands, found = opening.bands(site.pk), []
    served = [band for band in bands if not post or post in {one.code for one in band.posts.all()}]
    for kind in BandKind:
        spans = [band_span(band) for band in served if band.kind == kind]
        if spans:
            found.append(f"{band_days(kind, site)} {'，'.join(spans)}")
    return found or ([site.hours] if site.hours and not bands else [])


def band_span(band: Band) -> str:
    return f"{band.starts.hour}:{band.starts:%M}—{band.ends.hour}:{band.ends:%M}"


def band_days(kind: str, site: Site) -> str:
    if kind != BandKind.MARKET:
        return BandKind(kind).label
    return f"赶集日（{MarketCalendar(site.market_calendar).label}{market_words(site.market_days)}）"
