from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "mingtang.workdays"
    verbose_name = "工作日历"
