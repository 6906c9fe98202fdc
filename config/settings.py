"""The one settings file. Everything that differs between machines comes from the environment."""

import json
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
    "mingtang.notices",
    "mingtang.rulebook",
    "mingtang.hall",
    "mingtang.money",
    "mingtang.utilities",
    "mingtang.cases",
    "mingtang.voices",
    "mingtang.agents",
    "mingtang.accounts",
    "mingtang.disclosure",
    "mingtang.subscriptions",
    "mingtang.boards",
    "mingtang.oversight",
    "mingtang.study",
    "mingtang.scrutiny",
    "mingtang.inspection",
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
# Seconds that a gateway has to answer.
NOTICE_TIME_LIMIT = 10.0


def _smtp() -> str:
    """``smtp://``, ``smtp+tls://`` (STARTTLS) or ``smtps://``, then ``user:password@host:port``."""
    url = os.environ.get("MINGTANG_SMTP_URL", "")
    parts = urlparse(url)
    if url and (parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname):
        raise SystemExit("MINGTANG_SMTP_URL must look like smtp+tls://user:password@mail.example.gov.cn:587")
    return url


def _http(name: str, url: str) -> str:
    if url and not (url.startswith(("http://", "https://")) and urlparse(url).hostname):
        raise SystemExit(f"{name} must begin with https:// or http:// and name a host")
    return url


def _sms_body() -> str:
    body = os.environ.get("MINGTANG_SMS_BODY", '{"phone": "{phone}", "text": "{text}", "id": "{id}"}')
    if "{phone}" not in body or "{text}" not in body:
        raise SystemExit("MINGTANG_SMS_BODY must hold {phone} and {text}")
    if body.lstrip().startswith('{"'):
        try:
            json.loads(body)
        except ValueError:
            raise SystemExit("MINGTANG_SMS_BODY begins like JSON and is none") from None
    return body


def _sms_headers() -> dict[str, str]:
    name, _, value = os.environ.get("MINGTANG_SMS_HEADER", "").partition(":")
    return {name.strip(): value.strip()} if name.strip() else {}


SMTP_URL = _smtp()
_mail = urlparse(SMTP_URL)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+tls": 587}.get(_mail.scheme, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
EMAIL_TIMEOUT = NOTICE_TIME_LIMIT
DEFAULT_FROM_EMAIL = os.environ.get("MINGTANG_MAIL_FROM", "")
if SMTP_URL and not DEFAULT_FROM_EMAIL:
    raise SystemExit("MINGTANG_MAIL_FROM must name the sender's address")
SMS_URL = _http("MINGTANG_SMS_URL", os.environ.get("MINGTANG_SMS_URL", ""))
SMS_BODY, SMS_HEADERS = _sms_body(), _sms_headers()
SMS_ACCEPTED = os.environ.get("MINGTANG_SMS_ACCEPTED", "code=0")
WEBHOOK_URL = _http("MINGTANG_WEBHOOK_URL", os.environ.get("MINGTANG_WEBHOOK_URL", ""))
WEBHOOK_SECRET = os.environ.get("MINGTANG_WEBHOOK_SECRET", "")
if WEBHOOK_URL and len(WEBHOOK_SECRET) < 16:
    raise SystemExit("MINGTANG_WEBHOOK_SECRET must have 16 characters or more")

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
