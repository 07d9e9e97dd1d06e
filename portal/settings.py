"""Every setting of the portal, from the environment alone; `.env.example` lists each variable."""

import sys
from pathlib import Path

import bootstrap_wrapper
import environ
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()

# Who is running: a demo (embedded database, shared password), the test suite, or a real installation.
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)
DEBUG = env.bool("DEBUG", default=False)
CLOCK_MAY_BE_SET = DEMO or TESTING
SECRET_KEY = env.str("SECRET_KEY", default="")
HAS_SECRET_KEY = bool(SECRET_KEY)  # `portal.local.safety` refuses to serve people without
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SEAL_KEY = env.str("SEAL_KEY", default="")
SEAL_PUBLIC_KEYS = env.list("SEAL_PUBLIC_KEYS", default=[])  # of the keys used before SEAL_KEY
SEAL_WITNESSES = env.list("SEAL_WITNESSES", default=[])
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

if not SECRET_KEY and (DEBUG or TESTING or "manage.py" in sys.argv[0] or "mypy" in sys.argv[0]):
    SECRET_KEY = "not-a-secret: commands that serve nobody"  # web, worker and beat refuse to start with it

# The sixth affair is its folder, its templates, its tests, and a line here.
SCHOOL_APPS = ["repairs", "canteen", "fees", "safety_grid", "integrity"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "treebeard",
    "guardian",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_htmx",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "portal.ledger",
    "portal.orgs",
    "portal.worktime",
    "portal.evidence",
    "portal.notices",
    "portal.stickers",
    "portal.cases",
    "portal.publications",
    "portal.surveys",
    "portal.rollups",
    "portal.outbound",
    "portal.hall",
    "portal.local",
    *SCHOOL_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.hall.rush.Rush",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.hall.middleware.one_moment",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.hall.middleware.Doorkeeper",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "portal.hall.shell.shell",
            ],
            "libraries": {"sunlit": "portal.templatetags.sunlit"},
            "builtins": ["portal.templatetags.sunlit", "lucide.templatetags.lucide", "django.templatetags.static"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The database: an app role runs, an owner role migrates (MIGRATE_DATABASE_URL), so that the ledger is append-only
# for everything that serves people.
_url = (
    "MIGRATE_DATABASE_URL" if "migrate" in sys.argv and env.str("MIGRATE_DATABASE_URL", default="") else "DATABASE_URL"
)
DATABASES = {"default": env.db_url(_url, default="postgres://localhost/sunlit")}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "options": "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=120s",
    },
}
APP_DATABASE_ROLE = env.str("APP_DATABASE_ROLE", default="sunlit_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # we ask guardian's rows ourselves, in one query that knows the tree

# People
AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = ["portal.orgs.backends.PeopleBackend"]
LOGIN_URL = "sign-in"
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", default="modern")
AUTH_PASSWORD_VALIDATORS = {
    "modern": [
        {"NAME": "portal.orgs.passwords.LengthValidator", "OPTIONS": {"least": 10}},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {
            "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ("username", "phone", "name", "email")},
        },
    ],
    "dengbao": [
        {"NAME": "portal.orgs.passwords.LengthValidator", "OPTIONS": {"least": 8}},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "portal.orgs.passwords.MixedValidator"},
    ],
}[PASSWORD_PROFILE]
PASSWORD_DAYS = 90 if PASSWORD_PROFILE == "dengbao" else 0  # how long a password is good for; 0: for ever
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="sunlit-demo")  # of the accounts on the sign-in page of a demo
if TESTING:  # the suite signs in thousands of times; everybody else uses Django's default hasher
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Language and time: the msgids are the Chinese sentences, so nothing is compiled to run.
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files
RUSH_SECONDS = 0 if TESTING else 2  # how long a public page lies ready for the next reader
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_css_dir())]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")  # where a web server in front serves MEDIA_ROOT for X-Accel-Redirect
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not (DEBUG or TESTING)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Redis is the broker and nothing else.
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away, the clocks go on when it is back
# A connection may die without a word (a host lost, a firewall's timeout). Without these, beat would wait on it for ever.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "health_check_interval": 5,
}  # seconds
CELERY_TIMEZONE = TIME_ZONE

# Mail and other channels
CHANNELS = env.list("CHANNELS", default=["file"] if DEMO else [])
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="sunlit@localhost")

# Other authorities' systems (portal.outbound): the key shared with each by its code, and origins trusted though they are
# not public or not https (scheme://host:port).
OUTBOUND_SECRETS = env.dict("OUTBOUND_SECRETS", default={})
OUTBOUND_ORIGINS = env.list("OUTBOUND_ORIGINS", default=[])

# What a browser may load: nothing but what the portal serves.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
HTTPS = env.bool("HTTPS", default=BASE_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.hall.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# Programs
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.hall.api.known.Known"],
    "DEFAULT_PERMISSION_CLASSES": [],  # the doorkeeper asks each route's policy before the view
    "DEFAULT_PARSER_CLASSES": ["portal.wire.reading.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.hall.api.known.OneFormat",
    "DEFAULT_SCHEMA_CLASS": "portal.hall.api.schema.Schema",
    "EXCEPTION_HANDLER": "portal.hall.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "阳光校务",
    "VERSION": "1",
    "DESCRIPTION": "给小程序、数据平台和脚本用的接口：网页上能办的都能办。回答里的地址都在本站之下。",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["portal.hall.api.schema.tidied"],
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # docstrings are for us; what programs are told is said in Chinese
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "APPEND_COMPONENTS": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
