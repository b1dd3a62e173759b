"""All settings, from the environment and `.env`. `docs/settings.md` lists each variable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from archive.rates import read_rate
from archive.secret_key import kept_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = env.bool("PRODUCTION", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("PRODUCTION and DEBUG are both on: turn DEBUG off.")
if PRODUCTION and not SECRET_KEY:
    raise ImproperlyConfigured("PRODUCTION is on: set SECRET_KEY to a long random string.")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("PRODUCTION is on: set ALLOWED_HOSTS to the names of the site.")
SECRET_KEY = SECRET_KEY or kept_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

SITE_TITLE = env.str("SITE_TITLE", default="群录")

# Days to answer a request, to keep its text after that, and to keep the originals of redacted messages.
REQUEST_DAYS = env.int("REQUEST_DAYS", default=14)
REQUEST_RETENTION_DAYS = env.int("REQUEST_RETENTION_DAYS", default=365)
ORIGINAL_RETENTION_DAYS = env.int("ORIGINAL_RETENTION_DAYS", default=30)
if min(REQUEST_DAYS, REQUEST_RETENTION_DAYS, ORIGINAL_RETENTION_DAYS) < 1:
    raise ImproperlyConfigured(
        "REQUEST_DAYS, REQUEST_RETENTION_DAYS and ORIGINAL_RETENTION_DAYS must be numbers of days, at least 1."
    )

MODERATORS_EMAIL = env.str("MODERATORS_EMAIL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=MODERATORS_EMAIL or "webmaster@localhost")
EMAIL_TIMEOUT = 10
if MODERATORS_EMAIL and not env.str("EMAIL_URL", default=""):
    raise ImproperlyConfigured("MODERATORS_EMAIL is set: set EMAIL_URL to your mail server.")
SAMPLES = BASE_DIR / "samples"
TRANSCRIPTS = Path(env.str("TRANSCRIPTS", default=str(SAMPLES)))

# The folder of pictures, or None. The samples have a few.
_images = env.str("IMAGES", default=str(SAMPLES / "images") if TRANSCRIPTS == SAMPLES else "")
IMAGES = Path(_images) if _images else None

INSTALLED_APPS = [
    "chatlogs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_filters",
    # For its commands. rest_framework is left out: as an app it only adds a megabyte of unused static files.
    "drf_spectacular",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatlogs.web.middleware.robots_header_middleware",
    "chatlogs.web.middleware.revalidate_middleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chatlogs.web.middleware.audience_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, as its documentation requires: it replaces the response of a failed sign-in by the lock-out page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "archive.urls"
WSGI_APPLICATION = "archive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chatlogs.web.context_processors.site",
            ],
        },
    },
]

# Writers wait for the lock instead of failing; readers never wait for writers.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": ";".join(
        (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA cache_size = -32000",
            "PRAGMA wal_autocheckpoint = 4000",
            # Overwrite deleted content.
            "PRAGMA secure_delete = ON",
        )
    ),
}


def read_database() -> dict[str, Any]:
    if not env.str("DATABASE_URL", default=""):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "qunlu.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    database: dict[str, Any] = env.db_url("DATABASE_URL")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS | database.get("OPTIONS", {})
    else:
        database.setdefault("CONN_MAX_AGE", 60)
        database.setdefault("CONN_HEALTH_CHECKS", True)
    return database


def read_mail() -> dict[str, Any]:
    if not env.str("EMAIL_URL", default=""):
        # Email addresses of requesters must not appear in a public server's log.
        kind = "dummy" if PRODUCTION else "console"
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    mail: dict[str, Any] = env.email_url("EMAIL_URL")
    return mail


vars().update(read_mail())

DATABASES = {"default": read_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"

# Failed sign-ins per user and address until lock-out, and how long it lasts.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "chatlogs.web.views.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "chatlogs.web.throttling.address_of"
AXES_RESET_ON_SUCCESS = True
# Store no log of sign-ins, and of failures only what the lock-out needs.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Separate caches, so that none can evict the entries of another.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
    },
    "throttles": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "throttles",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# Requests per address and scope; None is no limit.
RATES = {
    "search": read_rate(env.str("SEARCH_RATE", default="120/min")),
    "api": read_rate(env.str("API_RATE", default="120/min")),
    "download": read_rate(env.str("DOWNLOAD_RATE", default="10/min")),
    "removal": read_rate(env.str("REMOVAL_RATE", default="10/hour")),
}
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES must be a number of proxies, at least 0.")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "chatlogs.api.errors.answer_error",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_TITLE,
    "DESCRIPTION": "What the pages show, as JSON, read only. Dates and times are the rooms' own.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "chatlogs" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "archive.static_files.StaticStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# The site needs none of these browser features.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "clipboard-read",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "gamepad",
        "geolocation",
        "gyroscope",
        "hid",
        "identity-credentials-get",
        "idle-detection",
        "local-fonts",
        "microphone",
        "midi",
        "otp-credentials",
        "payment",
        "picture-in-picture",
        "publickey-credentials-create",
        "publickey-credentials-get",
        "screen-wake-lock",
        "storage-access",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    )
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Without TLS (local development), these would lock everybody out of the admin.
SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
