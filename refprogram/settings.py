"""Every setting, read from the environment with safe defaults; docs/operations.md lists them all."""

import atexit
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import environ
from bootstrap_wrapper import get_bootstrap_dir

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(str(BASE_DIR / ".env"))

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)


def choose_var_dir() -> Path:
    """Give the folder of everything written; a test run gets one of its own, removed when its process ends."""
    if not TESTING:
        return Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
    folder = tempfile.mkdtemp(prefix="refprogram-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


VAR_DIR = choose_var_dir()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def read_secret_key() -> str:
    """Give SECRET_KEY, or the key kept in VAR_DIR/secret_key, made on the first start (file mode 600)."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = VAR_DIR / "secret_key"
    try:
        with kept.open("x", encoding="ascii") as handle:
            kept.chmod(0o600)
            handle.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # kept from an earlier start
    return kept.read_text(encoding="ascii")


SECRET_KEY = read_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=True)
PROGRAM_NAME: str = env.str("PROGRAM_NAME", default="RefProgram")  # whose promoters these are, as letters say
PUBLIC_WALL: bool = env.bool("PUBLIC_WALL", default=True)
LEAD_DAYS: int = env.int("LEAD_DAYS", default=180)
SEMANTIC_MODEL: str = env.str("SEMANTIC_MODEL", default="")  # a folder or package with a local embedding model; none
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_cotton",
    "django_htmx",
    "health_check",
    "users",
    "delivery",
    "references",
    "advocacy",
    "surveys",
    "matching",
    "api",
    "web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.wall.cookieless.CookielessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "users.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.NotAllowedPageMiddleware",
    "web.middleware.BusyPageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "refprogram.urls"
WSGI_APPLICATION = "refprogram.wsgi.application"
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
            ],
        },
    },
]


# Databases. The alias "pool" is the same database, opened a second time for reading in one snapshot:
# the pool index refreshes on it and never sees, or waits for, a transaction of its own request.
def configure_databases() -> dict[str, dict[str, Any]]:
    """Give the default database and its read-only twin "pool"."""
    main: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'refprogram.sqlite3'}")
    main["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    main["CONN_HEALTH_CHECKS"] = True
    twin: dict[str, Any] = {**main, "TEST": {"MIRROR": "default"}}
    if main["ENGINE"] == "django.db.backends.sqlite3":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
        main["ENGINE"] = "refprogram.sqlite"  # which lets writers begin in the order in which they came
        main["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        main["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
        twin["OPTIONS"] = {"transaction_mode": "DEFERRED", "timeout": 20, "init_command": pragmas}
    else:
        twin["OPTIONS"] = {
            **main.get("OPTIONS", {}),
            "options": "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on",
        }
    return {"default": main, "pool": twin}


DATABASES = configure_databases()
POOL_DATABASE = "pool"
POOL_IMAGE_DIR: Path | None = VAR_DIR / "pool"
POOL_IMAGE_MIN_PEOPLE = 20_000
POOL_PARTS_MIN_PEOPLE = 40_000  # below, starting further processes takes longer than they save
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# Who logs in
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:find"
LOGOUT_REDIRECT_URL = "web:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "users.lockout.read_username"
AXES_CLIENT_IP_CALLABLE = "users.lockout.read_client_address"

# Celery: embedded by default; CELERY_BROKER_URL moves it to Redis or RabbitMQ
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# One quick second try: it makes a new connection where the pooled one died with its broker; else a clock whose broker
# was restarted would go on telling the dead one to sweep. Nobody waits long, since the outbox is the truth.
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "delivery.tasks.sweep_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "close-overdue-slots": {"task": "matching.tasks.close_overdue_slots", "schedule": 900.0},
    "sweep-content": {"task": "references.tasks.sweep_content", "schedule": 3_600.0, "options": {"expires": 3_600}},
    "sweep-surveys": {"task": "surveys.tasks.sweep_surveys", "schedule": 3_600.0, "options": {"expires": 3_600}},
    "sweep-asks": {"task": "advocacy.tasks.sweep_asks", "schedule": 3_600.0, "options": {"expires": 3_600}},
    "sweep-recovery": {"task": "advocacy.tasks.sweep_recovery", "schedule": 3_600.0, "options": {"expires": 3_600}},
    "check-saved-searches": {"task": "matching.tasks.check_saved_searches", "schedule": 21_600.0},
    "forget-old-leads": {"task": "references.tasks.forget_old_leads", "schedule": 86_400.0},
    "forget-old-referral-leads": {"task": "advocacy.tasks.forget_old_referral_leads", "schedule": 86_400.0},
    "sweep-flags": {"task": "advocacy.tasks.sweep_flags", "schedule": 86_400.0},
    "warn-of-ending-consents": {"task": "references.tasks.warn_of_ending_consents", "schedule": 3_600.0},
    "sweep-orphaned-files": {"task": "references.tasks.sweep_orphaned_files", "schedule": 86_400.0},
    "search-duplicates": {
        "task": "references.tasks.search_duplicates",
        "schedule": 86_400.0,
        "options": {"expires": 86_400},
    },
    "purge-exports": {"task": "references.tasks.purge_exports", "schedule": 3_600.0},
    "expire-points": {"task": "advocacy.tasks.expire_points", "schedule": 21_600.0, "options": {"expires": 21_600}},
    "award-badges": {"task": "advocacy.tasks.award_badges", "schedule": 21_600.0, "options": {"expires": 21_600}},
    "forget-idempotency-keys": {"task": "delivery.tasks.forget_idempotency_keys", "schedule": 86_400.0},
    "forget-webhook-deliveries": {"task": "delivery.tasks.forget_webhook_deliveries", "schedule": 86_400.0},
}
CELERY_TIMEZONE = "UTC"
OUTBOX_LEASE_SECONDS: int = env.int("OUTBOX_LEASE_SECONDS", default=120)


# Webhooks: to the public internet by HTTPS alone; the first two are for trials and for receivers in one's own network
WEBHOOKS_ALLOW_PRIVATE: bool = env.bool("WEBHOOKS_ALLOW_PRIVATE", default=False)
WEBHOOKS_ALLOW_HTTP: bool = env.bool("WEBHOOKS_ALLOW_HTTP", default=False)
WEBHOOKS_PORTS: list[int] = env.list("WEBHOOKS_PORTS", cast=int, default=[80, 443, 8080, 8443])
WEBHOOKS_STOP_AFTER_DAYS: int = env.int("WEBHOOKS_STOP_AFTER_DAYS", default=5)
WEBHOOKS_LOG_DAYS: int = env.int("WEBHOOKS_LOG_DAYS", default=90)


def choose_broker_options() -> dict[str, Any]:
    """Give the broker's transport options: the web never waits long for a broker, since the outbox is the truth."""
    options: dict[str, Any] = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
    if CELERY_BROKER_URL.startswith("filesystem"):
        messages, control = BROKER_DIR / "messages", BROKER_DIR / "control"
        for folder in (messages, control):
            folder.mkdir(parents=True, exist_ok=True)
        folders = {"data_folder_in": str(messages), "data_folder_out": str(messages), "control_folder": str(control)}
        return {**options, **folders, "polling_interval": 0.1}
    if CELERY_BROKER_URL.startswith("redis"):
        waits = {"socket_connect_timeout": 2, "socket_timeout": 30, "visibility_timeout": 600}
        return {**options, **waits, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
    return options


BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_TRANSPORT_OPTIONS = choose_broker_options()
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "delivery.broker:Transport"

# API
API_RATE: str = env.str("API_RATE", default="600/minute")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["api.v1.parsing.BoundedJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "api.v1.schema.ScopedSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_PAGINATION_CLASS": "api.v1.paging.PageNumberPaging",
    "PAGE_SIZE": 25,
    "DEFAULT_THROTTLE_CLASSES": ["api.v1.throttling.CallThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": API_RATE},
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.v1.errors.ApiExceptionHandler",
    "EXCEPTION_FORMATTER_CLASS": "api.v1.errors.ApiExceptionFormatter",
    "ERROR_SCHEMAS": dict.fromkeys(
        ["400", "401", "403", "404", "405", "406", "415", "429", "500"], "api.v1.errors.ErrorResponseSerializer"
    ),
}
KNOX_TOKEN_MODEL = "users.ApiKey"
MIGRATION_MODULES = {"knox": None}  # else its own token table, unused here, keeps PostgreSQL from truncating users
REST_KNOX = {"TOKEN_MODEL": "users.ApiKey", "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "rp_", "TOKEN_TTL": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "RefProgram API",
    "DESCRIPTION": "Find, source and follow customer references.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True},  # 200 calls are many
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.v1.openapi.complete"],
    "ENUM_NAME_OVERRIDES": {
        "ActivityEnum": "references.activities.CHOICES",
        "AdopterProgramStatusEnum": "advocacy.enums.ProgramStatus.choices",
        "AnswerChannelEnum": "surveys.enums.AnswerChannel.choices",
        "ApprovalStatusEnum": "matching.enums.ApprovalStatus.choices",
        "ApprovalStepEnum": "matching.enums.ApprovalStep.choices",
        "AssignmentStatusEnum": "advocacy.enums.AssignmentStatus.choices",
        "BandEnum": "api.v1.cards.BANDS",
        "BenchmarkKindEnum": "surveys.enums.BenchmarkKind.choices",
        "CampaignStatusEnum": "surveys.enums.CampaignStatus.choices",
        "ContactStatusEnum": "references.enums.ContactStatus.choices",
        "ContentStatusEnum": "references.enums.ContentStatus.choices",
        "DeclineReasonEnum": "matching.enums.DeclineReason.choices",
        "EngagementStatusEnum": "references.enums.EngagementStatus.choices",
        "InvitationChannelEnum": "surveys.enums.InvitationChannel.choices",
        "InvitationStatusEnum": "surveys.enums.InvitationStatus.choices",
        "MatchStatusEnum": "matching.enums.MatchStatus.choices",
        "MomentStatusEnum": "advocacy.enums.HandoverStatus.choices",
        "NominationStatusEnum": "references.enums.NominationStatus.choices",
        "NominationViaEnum": "references.enums.NominationVia.choices",
        "PlayKindEnum": "advocacy.enums.PlayKind.choices",
        "PlayStatusEnum": "advocacy.enums.PlayStatus.choices",
        "PointsKindEnum": "advocacy.enums.EntryKind.choices",
        "RecruitingTaskStatusEnum": "matching.enums.TaskStatus.choices",
        "RedemptionStatusEnum": "advocacy.enums.RedemptionStatus.choices",
        "ReferralStatusEnum": "advocacy.enums.ReferralStatus.choices",
        "ReferralViaEnum": "advocacy.enums.ReferralVia.choices",
        "RequestStatusEnum": "matching.enums.RequestStatus.choices",
        "RewardKindEnum": "advocacy.enums.RewardKind.choices",
        "SeatStatusEnum": "advocacy.enums.SeatStatus.choices",
        "SlotStatusEnum": "references.enums.SlotStatus.choices",
        "TagStatusEnum": "references.enums.TagStatus.choices",
        "ViaEnum": "matching.enums.Via.choices",
    },
}

# Pages
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [("refprogram", BASE_DIR / "web" / "assets"), ("bootstrap", get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING
MEDIA_ROOT = VAR_DIR / "uploads"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=100 * 1024 * 1024)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=25 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=40_000_000)

LANGUAGE_CODE = "en"
# Whoever logs in works in English; promoters are written to, and see their page, in any of these (web/portal).
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY and not TESTING
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

# Mail: EMAIL_URL for the console, a folder or SMTP; EMAIL_BACKEND and ANYMAIL_* for a provider's own interface
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default=EMAIL_CONFIG["EMAIL_BACKEND"])
EMAIL_FILE_PATH = str(VAR_DIR / EMAIL_CONFIG["EMAIL_FILE_PATH"])
EMAIL_TIMEOUT = 30
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in env.ENVIRON.items() if name.startswith("ANYMAIL_")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="RefProgram <refprogram@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "redacted": {
            "()": "refprogram.logs.RedactingFormatter",
            "as_json": env.str("LOG_FORMAT", default="text") == "json",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

if TESTING:
    POOL_DATABASE = "default"
    POOL_IMAGE_DIR = None
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    AXES_ENABLED = False
