"""The one settings file. Everything that differs between machines comes from the environment."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from mingtang.lib.paths import data_dir, data_path

CHECKOUT = Path(__file__).resolve().parent.parent
DEBUG = False


def _secret(name: str) -> str:
    """A secret from the environment, else from the keys folder, made there at first start (mode 0600)."""
    if value := os.environ.get(f"MINGTANG_{name.upper()}"):
        return value
    folder = data_path("keys")
    folder.chmod(0o700)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(os.urandom(48).hex())
    return path.read_text()


SECRET_KEY = _secret("secret_key")
PAYLOAD_KEY = _secret("payload_key")
ALLOWED_HOSTS = os.environ.get("MINGTANG_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MINGTANG_ORIGINS", "").split(",") if origin]
HTTPS = os.environ.get("MINGTANG_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "mingtang.towns",
    "mingtang.events",
    "mingtang.workdays",
    "mingtang.ledger",
    "mingtang.people",
    "mingtang.files",
    "mingtang.search",
    "mingtang.rulebook",
    "mingtang.hall",
    "mingtang.cases",
    "mingtang.disclosure",
    "mingtang.portal",
    "mingtang.desk",
    "mingtang.demo",
]

MIDDLEWARE = [
    "mingtang.towns.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mingtang.towns.middleware.Town",
    "mingtang.people.middleware.SetViewer",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [CHECKOUT / "templates"],
        "OPTIONS": {"environment": "config.jinja.environment"},
    },
    # Only for what libraries bring themselves.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]


def _sqlite(path: str | Path, mode: str, extra: str = "") -> dict:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": mode,
            "timeout": 20,
            # FULL: what was acknowledged is on the disk.
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;{extra}",
        },
    }


def _databases() -> dict:
    """``default`` writes; ``reader`` serves pages: deferred and query-only, so that no page waits behind a writer."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        path = data_dir() / "mingtang.sqlite3"
        default, reader = _sqlite(path, "IMMEDIATE"), _sqlite(path, "DEFERRED", " PRAGMA query_only=ON;")
    else:
        parts = urlparse(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            raise SystemExit("DATABASE_URL must begin with postgresql://")
        default = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            # After a restart of the database each thread holds a dead connection: asked before it is used.
            "CONN_HEALTH_CHECKS": True,
        }
        reader = {**default, "OPTIONS": {"options": "-c default_transaction_read_only=on"}}
    reader["TEST"] = {"MIRROR": "default"}
    return {"default": default, "reader": reader}


DATABASES = _databases()
DATABASE_ROUTERS = ["mingtang.towns.routing.ReadRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/desk/login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "mingtang.desk.views.session.locked_out"

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/assets/"

UPLOAD_LIMIT = int(os.environ.get("MINGTANG_UPLOAD_LIMIT", 50 * 1024 * 1024))
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40
# An item of forty papers, each with its conditions, is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
CSRF_FAILURE_VIEW = "mingtang.portal.views.site.forged"
FILE_UPLOAD_PERMISSIONS = 0o600

SILENCED_SYSTEM_CHECKS = ["axes.W003"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MINGTANG_LOG", "WARNING")},
}
