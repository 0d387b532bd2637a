"""Settings of the site, in one file. What an office may change comes through env.py.

Without variables this is the demo: embedded PostgreSQL and Valkey, one machine, DEBUG on.
With NTM_ENV=production (or DEBUG=0) everything must be named; see `manage.py check --deploy`.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from django.utils.csp import CSP

from ntm_site import env, mail, schedule
from ntm_site.devservices import places

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    config = env.site_config(os.environ)
    _database = env.database(config.database_url or places.database_url(config.data_dir))
    _redis_url = config.redis_url or places.redis_url(config.data_dir)
    CELERY_BROKER_URL = env.broker(_redis_url)
    _mailers, _sender = mail.from_environment(config.debug)
except env.EnvError as error:
    # One line for the person who set the variables, whatever program is being started.
    raise SystemExit(f"ntm: {error}") from None

NTM_ENV = config.name
DEBUG = config.debug
DEMO = config.demo  # invented people and figures: pages say so, and the clock stands still
DATA_DIR = config.data_dir
SECRET_KEY = config.secret_key
ALLOWED_HOSTS = config.allowed_hosts
CSRF_TRUSTED_ORIGINS = config.trusted_origins
REDIS_URL = _redis_url

# ── Apps and requests ─────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "communes",
    "criteria",
    "reports",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # random padding against BREACH is built in
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "communes.sessions.keep_alive",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "criteria.evidence.limits.refuse_too_large",
    "ntm_site.demo_errors.VietnameseErrors",
]

ROOT_URLCONF = "ntm_site.urls"
WSGI_APPLICATION = "ntm_site.wsgi.application"

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
                "reports.views.frame.frame",
            ],
        },
    },
]

# ── Data ──────────────────────────────────────────────────────────────────────────────────────

# Persistent connections rather than a pool: Django refuses both together, and this is simpler.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **_database,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── People ────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "communes.User"
LOGIN_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "communes.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "communes.passwords.UnlikeThePerson"},
    {"NAME": "communes.passwords.Uncommon"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# Twelve hours after the last request, and not after the browser is closed; communes/sessions.py
# renews it and knows the longer ones.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# ── Language ──────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

# ── Static files: ours, and plotly.js and htmx out of the wheels that carry them ──────────────

MEDIA_ROOT = DATA_DIR / "media"  # evidence of communes: never served as a folder
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
_plotly = find_spec("plotly")
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [BASE_DIR / "static"]
if _plotly and _plotly.origin:
    STATICFILES_DIRS.append(("plotly", Path(_plotly.origin).parent / "package_data"))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# ── Security ──────────────────────────────────────────────────────────────────────────────────

# Scripts only from our own files. Styles may be inline: Plotly's titles, legends and tool bar
# fall apart without (tried in Chromium).
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = config.https
SECURE_HSTS_SECONDS = 31_536_000 if config.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = config.https
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the container's own check speaks plain HTTP
# Preloading binds a whole domain in every browser for years: not ours to promise for an office.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if config.behind_proxy:  # only where a proxy sets the header and removes a visitor's own
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ── Tasks ─────────────────────────────────────────────────────────────────────────────────────

# No result is ever read back: tasks write what they did. A lost worker's task runs again.
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = schedule.BEAT
# A save sends its follow-up after the commit. When the broker is down the person must not wait:
# one short try, then the nightly and per-minute tasks catch up.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1,
    "retry_on_timeout": False,
    # Of the channel that sends; the worker's own reconnecting goes on for ever.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

# ── The month ─────────────────────────────────────────────────────────────────────────────────

SUBMIT_BY_DAY = config.submit_by_day  # of the month that is submitted; 31: its last day
REMIND_DAYS_BEFORE = config.remind_days_before
SITE_URL = config.site_url  # how letters that no visitor asked for name this site

# ── Mail and logs ─────────────────────────────────────────────────────────────────────────────

# Invitations and password links. The demo prints them; an office names its mail server
# (MAIL_URL), or its administrator hands the links on: nothing depends on mail.
MAILERS, DEFAULT_FROM_EMAIL = _mailers, _sender
MAIL_SET_UP = mail.is_set_up()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "ntm_site.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if NTM_ENV != "test" else "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
