"""Every setting, one file; the environment is read here and nowhere else."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE
from django.urls import reverse_lazy

from contactcenter import unfold
from contactcenter.databases import broker_from_url, database_from_url
from contactcenter.env import (
    LOOPBACK,
    allowed_hosts,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_seconds,
    env_server,
    env_text,
    own_name,
    own_url,
    secret_key,
)
from contactcenter.launch.paths import data_dir, embedded_database_url, embedded_redis_url
from contactcenter.mail import mail_from_url

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where things are ---------------------------------------------------------------------
HOST = env_text("HOST", default="127.0.0.1")
PORT = env_int("PORT", default=8000, least=1, most=65535)
DATA_DIR = data_dir()
DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret_key(data_dir=DATA_DIR, host=HOST)
ALLOWED_HOSTS = allowed_hosts(host=HOST)
BEYOND_LOOPBACK = HOST not in LOOPBACK

# Where people find us, for links in e-mails
SITE_URL = env_text("SITE_URL", default=f"http://{HOST}:{PORT}").rstrip("/")
# Where our own workers find our own pages, and the name under which these answer there
OWN_URL = env_text("OWN_URL", default=own_url(host=HOST, port=PORT)).rstrip("/")
OWN_NAME = "" if env_text("OWN_URL") else own_name(ALLOWED_HOSTS)

DATABASE_URL = env_text("DATABASE_URL") or embedded_database_url(DATA_DIR)
REDIS_URL = env_text("REDIS_URL") or embedded_redis_url(DATA_DIR)
DATABASES = {
    "default": database_from_url(
        DATABASE_URL, pool_size=env_int("DATABASE_POOL", default=16, least=2, most=500)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cc",
    }
}

# --- e-mail: empty, none is sent -------------------------------------------------------------
EMAIL_URL = env_text("EMAIL_URL")
EMAIL_FROM = env_text("EMAIL_FROM", default=f"Contact centre <contact-centre@{HOST}>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM
_mail = mail_from_url(EMAIL_URL)
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail.backend, _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.ssl
EMAIL_TIMEOUT = 10

# --- apps ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "inboxes",
    "conversations",
    "bots",
    "agents",
    "agents.assist",
    "agents.callbacks",
    "conversations.surveys",
    "agents.recommendations",
    "analytics",
    "analytics.quality",
    "analytics.topics",
    "analytics.satisfaction",
    "contactcenter",
    "contactcenter.demo",
    "contactcenter.demo.packs",
    "contactcenter.demo.packs.banking",
    "contactcenter.demo.packs.telecom",
    "contactcenter.demo.packs.health",
    "contactcenter.demo.packs.travel",
    "contactcenter.demo.packs.restaurant",
    "contactcenter.demo.packs.retail",
]
AUTH_USER_MODEL = "agents.Agent"
ROOT_URLCONF = "contactcenter.urls"
ASGI_APPLICATION = "contactcenter.asgi.application"
MIDDLEWARE = [
    "contactcenter.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "contactcenter.admin_csp.ContentSecurity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
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
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- people -------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("console:login")
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/console/login/"
DEMO_PASSWORD = env_text("DEMO_PASSWORD")
DEMO_HISTORY = env_bool("DEMO_HISTORY", default=True)

# --- safety -------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEYOND_LOOPBACK
SECURE_HSTS_SECONDS = 31_536_000 if BEYOND_LOOPBACK else 0
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "contactcenter.errors.stale_form"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
_SELF = "'self'"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "script-src": [_SELF, NONCE],
        "style-src": [_SELF, NONCE],
        "img-src": [_SELF, "data:", "blob:"],
        "font-src": [_SELF],
        "connect-src": [_SELF],
        "frame-src": [_SELF],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [_SELF],
    }
}
METRICS_TOKEN = env_text("METRICS_TOKEN")

# --- uploads ------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "uploads"
WEBHOOKS_MAY_BE_PRIVATE = env_bool("WEBHOOKS_MAY_BE_PRIVATE", default=False)
UPLOAD_MAX_BYTES = env_int("UPLOAD_MAX_BYTES", default=10_485_760, least=1024)

# --- limits -------------------------------------------------------------------------------
CUSTOMER_MESSAGES_PER_SECOND = env_int("CUSTOMER_MESSAGES_PER_SECOND", default=15, least=1)
CUSTOMER_MESSAGES_AT_ONCE = env_int("CUSTOMER_MESSAGES_AT_ONCE", default=10, least=1)
# From one address: sessions, uploads and sign-ins a minute.
SESSIONS_PER_MINUTE = env_int("SESSIONS_PER_MINUTE", default=120, least=1)
UPLOADS_PER_MINUTE = env_int("UPLOADS_PER_MINUTE", default=60, least=1)
SIGN_INS_PER_MINUTE = env_int("SIGN_INS_PER_MINUTE", default=30, least=1)

# --- words and times ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_text("TIME_ZONE", default="UTC")
FORMAT_MODULE_PATH = [
    "contactcenter.formats"
]  # in the admin a moment is 2026-03-31 16:05, everywhere

# --- the admin's look ---------------------------------------------------------------------
UNFOLD = unfold.UNFOLD

# --- static files -------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "contactcenter.staticfiles.HashedStaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- work for later -----------------------------------------------------------------------
CELERY_BROKER_URL = broker_from_url(env_text("CELERY_BROKER_URL") or REDIS_URL)
# Whether messages go before everything else on this machine, where the kernel allows it: conversations/precedence.py.
REALTIME = env_bool("REALTIME", default=True)

# --- the bot ------------------------------------------------------------------------------
BOT_MODEL = env_text("BOT_MODEL")  # empty: the small one that the requirements bring
EMBEDDING_MODEL = env_text("EMBEDDING_MODEL")
# A second opinion on English questions, better than the multilingual model there; "none" = without.
ENGLISH_EMBEDDING_MODEL = env_text("ENGLISH_EMBEDDING_MODEL", default="bge")
DEVICE = env_text("DEVICE", default="auto")
MODELS_DIR = DATA_DIR / "models"
# The degrade ladder: what the bot does when the model's queue is long, or when it comes late itself.
BOT_SHORTER_ABOVE = env_seconds("BOT_SHORTER_ABOVE", default=1.0)  # until the model's first word
BOT_QUOTE_ABOVE = env_seconds("BOT_QUOTE_ABOVE", default=2.5)
BOT_QUOTE_AFTER = env_seconds("BOT_QUOTE_AFTER", default=4.0)  # since the customer's message
BOT_PERSON_AFTER = env_seconds("BOT_PERSON_AFTER", default=24.0)
BOT_TRACE_DAYS = env_int("BOT_TRACE_DAYS", default=30, most=3650)  # 0: nothing is kept
# Weights fitted anew to the centre's own outcomes: live when they win, when somebody says so, or never tried.
REFIT = env_choice("REFIT", default="auto", choices=("auto", "propose", "off"))

# --- help for agents ----------------------------------------------------------------------
_SUGGESTIONS = env_text("SUGGESTIONS", default="on").lower()
SUGGESTIONS = _SUGGESTIONS not in {"0", "false", "no", "off"}
# Names of accounts: only these get any, to begin with.
SUGGESTIONS_FOR = (
    frozenset(env_list("SUGGESTIONS"))
    if SUGGESTIONS and _SUGGESTIONS not in {"1", "true", "yes", "on"}
    else frozenset[str]()
)
# Of a hundred conversations so many, drawn by chance, get none: what the others gain is told beside them.
SUGGESTION_HOLDOUT = env_int("SUGGESTION_HOLDOUT", default=0, most=50)
SUGGESTION_DAYS = env_int("SUGGESTION_DAYS", default=90, most=3650)  # then their words are gone
# Ended conversations are scored by the score cards that are in force.
QUALITY = env_bool("QUALITY", default=True)
READ_PICTURES = env_bool("READ_PICTURES", default=True)  # words in pictures, for agents
SPEECH_MODEL = env_server("SPEECH_MODEL", words=("none",))  # empty: the small one, if it is there
CUSTOMER_MEMORY = env_bool("CUSTOMER_MEMORY", default=True)  # what customers say of themselves
CUSTOMER_MEMORY_DAYS = env_int("CUSTOMER_MEMORY_DAYS", default=730, most=3650)  # unless said again

# --- the API ------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "agents.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["contactcenter.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "contactcenter.openapi.Schema",
    "DEFAULT_PAGINATION_CLASS": "contactcenter.pagination.NewestFirst",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "contactcenter.errors.answer_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Contact centre",
    "DESCRIPTION": "Everything the console and the admin can do.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ConversationState": "conversations.models.Conversation.State",
        "RequestState": "conversations.models.Request.State",
        "FieldScope": "conversations.models.AttributeDefinition.Scope",
        "PresenceStatus": "agents.models.Presence.Status",
        "FieldKind": "conversations.models.AttributeDefinition.Kind",
        "LinkKind": "conversations.models.Link.Kind",
        "RerunKind": "bots.models.BotRerun.Kind",
        "TrainingExampleState": "bots.models.TrainingExample.State",
        "AdapterState": "bots.models.Adapter.State",
        "RefitKind": "bots.models.Refit.Kind",
        "RefitState": "bots.models.Refit.State",
        "TrainingState": "bots.models.TrainingRun.State",
        "RerunState": "bots.models.BotRerun.State",
        "FeelingLabel": "bots.models.feeling.Label",
        "FeelingAppealState": "bots.models.FeelingAppeal.State",
        "NotificationKind": "agents.models.attention.Kind",
    },
}

# --- logs ---------------------------------------------------------------------------------
LOG_LEVEL = env_choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "contactcenter.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        # A stranger's bad request is not our news; it would also repeat what they typed.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        # It would name each task with its arguments.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "py.warnings": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
