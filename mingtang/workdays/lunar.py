"""The day of the lunar month 农历, pure: market days are named by it.

A lunar month begins on the day, in Beijing time, on which the moon is new (GB/T 33661-2017). The moment of the new moon
is that of Jean Meeus, Astronomical Algorithms, chapter 49, good to some seconds, far better than a day needs.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import radians, sin

_BEIJING = timedelta(hours=8)
_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)  # JDE 2451545.0
_MONTH = 29.530588861  # mean days
# amplitude in days, power of the eccentricity, multiples of M, M', F, Omega
_TERMS = (
    (-0.40720, 0, 0, 1, 0, 0), (0.17241, 1, 1, 0, 0, 0), (0.01608, 0, 0, 2, 0, 0), (0.01039, 0, 0, 0, 2, 0),
    (0.00739, 1, -1, 1, 0, 0), (-0.00514, 1, 1, 1, 0, 0), (0.00208, 2, 2, 0, 0, 0), (-0.00111, 0, 0, 1, -2, 0),
    (-0.00057, 0, 0, 1, 2, 0), (0.00056, 1, 1, 2, 0, 0), (-0.00042, 0, 0, 3, 0, 0), (0.00042, 1, 1, 0, 2, 0),
    (0.00038, 1, 1, 0, -2, 0), (-0.00024, 1, -1, 2, 0, 0), (-0.00017, 0, 0, 0, 0, 1), (-0.00007, 0, 2, 1, 0, 0),
    (0.00004, 0, 0, 2, -2, 0), (0.00004, 0, 3, 0, 0, 0), (0.00003, 0, 1, 1, -2, 0), (0.00003, 0, 0, 2, 2, 0),
    (-0.00003, 0, 1, 1, 2, 0), (0.00003, 0, -1, 1, 2, 0), (-0.00002, 0, -1, 1, -2, 0), (-0.00002, 0, 1, 3, 0, 0),
    (0.00002, 0, 0, 4, 0, 0),
)  # fmt: skip
# The pull of the planets: amplitude in days, degrees at k = 0, degrees a month.
_PLANETS = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860), (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824), (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _first_day(k: int) -> date:
    """The day in Beijing of the ``k``-th new moon after that of 6 January 2000."""
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t
    latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t * t
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t * t
    days = 2451550.09766 + _MONTH * k + 0.00015437 * t * t - 2451545.0
    days += sum(
        size * e**power * sin(radians(a * sun + b * moon + c * latitude + d * node))
        for size, power, a, b, c, d in _TERMS
    )
    days += sum(size * sin(radians(at + pace * k)) for size, at, pace in _PLANETS)
    return (_EPOCH + timedelta(days=days, seconds=-_delta_t(2000 + k / 12.3685)) + _BEIJING).date()


def _delta_t(year: float) -> float:
    """Seconds by which uniform time is ahead of the clock; after 2005 a forecast (Espenak and Meeus 2006)."""
    after = year - 2000
    if after < 5:
        return 63.86 + 0.3345 * after - 0.060374 * after**2 + 0.0017275 * after**3
    return 62.92 + 0.32217 * after + 0.005589 * after**2


def day_of_month(day: date) -> int:
    """Which day of its lunar month a day is, 1 (初一) to 30 (三十)."""
    k = round((day - date(2000, 1, 6)).days / _MONTH)
    first = next(first for first in (_first_day(k + 1), _first_day(k), _first_day(k - 1)) if first <= day)
    return (day - first).days + 1
