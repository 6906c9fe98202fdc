"""The Jinja2 environment of portal and desk."""

import jinja2
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from mingtang.lib.money import format_yuan
from mingtang.lib.tables import headed


def _date(value, form: str = "%Y-%m-%d") -> str:
    if not value:
        return ""
    if hasattr(value, "tzinfo"):
        value = timezone.localtime(value)
    return value.strftime(form)


def date(value) -> str:
    """2018-10-18"""
    return _date(value)


def moment(value) -> str:
    """2018-10-18 14:52, in the town's time"""
    return _date(value, "%Y-%m-%d %H:%M")


def chinese_date(value) -> str:
    """2018年10月18日"""
    if not value:
        return ""
    text = _date(value).split("-")
    return f"{int(text[0])}年{int(text[1])}月{int(text[2])}日"


def chinese_moment(value) -> str:
    """2018年10月18日 14:52, in the town's time"""
    return f"{chinese_date(value)} {_date(value, '%H:%M')}" if value else ""


def environment(**options) -> jinja2.Environment:
    options |= {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    env = jinja2.Environment(**options)  # noqa: S701 (autoescape stands one line above)
    env.globals.update(url=reverse, get_messages=get_messages)
    env.filters.update(date=date, moment=moment, chinese_date=chinese_date, chinese_moment=chinese_moment)
    env.filters.update(yuan=format_yuan, headed=headed)
    return env
