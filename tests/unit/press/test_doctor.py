"""What ``mingtang doctor`` says of a machine."""

import shutil
import sqlite3
from collections import namedtuple
from types import SimpleNamespace

import pytest
import time_machine

from config import doctor
from config.doctor import Finding
from mingtang.press import render


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGTANG_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def only(check) -> Finding:
    (finding,) = check()
    return finding


def test_an_old_python_is_named(monkeypatch):
    assert only(doctor.python).level == "ok"
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 2, "final", 0))
    finding = only(doctor.python)
    assert finding.level == "bad" and "3.9.2" in finding.sentence and "3.11" in finding.mend


def test_a_data_folder_that_cannot_be_made_is_bad(folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setenv("MINGTANG_DATA", str(folder / "file" / "data"))
    finding = only(doctor.data_folder)
    assert finding.level == "bad" and "不能写入" in finding.sentence and "MINGTANG_DATA" in finding.mend


@pytest.mark.parametrize(("free", "level"), [(100 * 1024**2, "bad"), (1024**3, "warn"), (9 * 1024**3, "ok")])
def test_a_full_disk_is_told_in_time(folder, monkeypatch, free, level):
    usage = namedtuple("usage", "total used free")(0, 0, free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert only(doctor.data_folder).level == level


def test_keys_that_others_can_read_are_bad(folder):
    assert "第一次启动" in only(doctor.keys).sentence
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    (keys / "secret_key").write_text("x")
    (keys / "secret_key").chmod(0o644)
    finding = only(doctor.keys)
    assert finding.level == "bad" and "secret_key" in finding.sentence and "chmod" in finding.mend
    (keys / "secret_key").chmod(0o600)
    assert only(doctor.keys).level == "ok"
    keys.chmod(0o755)
    assert only(doctor.keys).level == "bad"


def test_sqlite_is_tried_where_the_data_lie(folder, monkeypatch):
    before = set(folder.iterdir())
    assert only(doctor.sqlite).level == "ok"
    assert set(folder.iterdir()) == before
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 22, 0))
    assert only(doctor.sqlite).level == "bad"
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/town")
    assert list(doctor.sqlite()) == []


def test_a_disk_without_wal_is_bad(folder, monkeypatch):
    answer = SimpleNamespace(execute=lambda _: SimpleNamespace(fetchone=lambda: ("delete",)), close=lambda: None)
    monkeypatch.setattr(sqlite3, "connect", lambda _: answer)
    finding = only(doctor.sqlite)
    assert finding.level == "bad" and "WAL" in finding.sentence


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_well():
    assert only(doctor.database).level == "ok"


@pytest.mark.django_db
def test_waiting_migrations_are_bad(monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("one", False), ("two", False)])
    finding = only(doctor.database)
    assert finding.level == "bad" and "2 处" in finding.sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "years", "level", "words"),
    [
        ("2031-03-02", [2031, 2032], "ok", "2032 年"),
        ("2031-03-02", [2030], "warn", "2031 年的工作日历没有确认"),
        ("2031-11-02", [2031], "warn", "2032 年的工作日历还没有确认"),
        ("2031-11-02", [2031, 2032], "ok", "2032 年"),
    ],
)
def test_the_calendar_is_asked_for_before_deadlines_become_provisional(today, years, level, words):
    from mingtang.workdays.models import CalendarYear

    CalendarYear.objects.all().delete()
    CalendarYear.objects.bulk_create(CalendarYear(year=year, confirmed=True) for year in years)
    with time_machine.travel(f"{today}T10:00:00+08:00", tick=False):
        finding = only(doctor.calendar)
    assert (finding.level, words in finding.sentence) == (level, True)


@pytest.mark.parametrize(("ready", "level"), [(True, "ok"), (False, "warn")])
def test_an_index_that_does_not_open_is_a_warning(monkeypatch, ready, level):
    from mingtang.search import service

    monkeypatch.setattr(service, "is_ready", lambda: ready)
    assert only(doctor.search).level == level


@pytest.mark.parametrize(
    ("title", "level", "mend"),
    [
        ([], "warn", "fonts-noto-cjk"),
        (["Noto Sans CJK TC"], "warn", "fonts-noto-cjk"),
        (["Noto Serif CJK SC"], "ok", ""),
    ],
)
def test_a_missing_font_is_a_warning_with_the_package_to_install(monkeypatch, title, level, mend):
    monkeypatch.setattr(render, "font_chains", lambda: {"title": title, "fang": title})
    finding = only(doctor.paper)
    assert finding.level == level and mend in finding.mend


def test_a_child_that_does_not_run_is_a_warning(monkeypatch):
    def fail():
        raise render.PaperUnavailable("服务器现在无法生成文书。")

    monkeypatch.setattr(render, "font_chains", fail)
    assert only(doctor.paper).level == "warn"


@pytest.mark.parametrize("path", [None, "/usr/bin/it"])
def test_programs_that_a_town_can_do_without_never_alarm(monkeypatch, path):
    monkeypatch.setattr(shutil, "which", lambda _: path)
    assert {finding.level for finding in doctor.helpers()} == {"ok"}


def test_wrong_settings_are_a_finding(monkeypatch):
    def refuse():
        raise SystemExit("DATABASE_URL must begin with postgresql://")

    monkeypatch.setattr("django.setup", refuse)
    finding = only(doctor.settings)
    assert finding.level == "bad" and "DATABASE_URL" in finding.sentence


def test_a_check_that_fails_does_not_end_the_others():
    def broken():
        raise KeyError("x")

    found = doctor.examine([broken, doctor.python])
    assert [finding.level for finding in found] == ["bad", "ok"]
    assert "KeyError" in found[0].sentence


def test_the_report_ends_with_a_verdict_and_its_exit_code(monkeypatch, capsys):
    def say(*levels):
        return (lambda: [Finding(level, f"句{level}[red]。", "办法。") for level in levels],)

    for levels, code, verdict in (
        (["ok"], 0, "一切正常。"),
        (["ok", "warn"], 0, "可以使用；有 1 处需要留意。"),
        (["warn", "bad", "bad"], 1, "有 2 处必须处理，1 处需要留意。"),
    ):
        monkeypatch.setattr(doctor, "FIRST", say(*levels))
        monkeypatch.setattr(doctor, "MACHINE", ())
        monkeypatch.setattr(doctor, "WITH_SETTINGS", ())
        assert doctor.run() == code
        printed = capsys.readouterr().out
        assert printed.rstrip().endswith(verdict)
        assert f"句{levels[0]}[red]。" in printed and "办法。" in printed


def test_a_bad_data_folder_ends_the_examination_before_settings_need_it(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "FIRST", (lambda: [Finding("bad", "坏。")],))
    monkeypatch.setattr(doctor, "settings", lambda: pytest.fail("asked for settings"))
    assert doctor.run() == 1
    assert "✗ 坏。" in capsys.readouterr().out
