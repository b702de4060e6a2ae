"""Every setting of Strata, from the environment alone; .env.example explains each variable."""

from pathlib import Path
from urllib.parse import urlsplit

from config import env

STRATA_DATA = env.data_dir()
STRATA_PUBLIC_URL = env.text("STRATA_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
STRATA_MAX_UPLOAD_MB = env.whole_number("STRATA_MAX_UPLOAD_MB", 200)
STRATA_ENCOUNTER_KEY = env.secret("STRATA_ENCOUNTER_KEY", STRATA_DATA)
SECRET_KEY = env.secret("SECRET_KEY", STRATA_DATA)

_public = urlsplit(STRATA_PUBLIC_URL)
_by_https = _public.scheme == "https"

DEBUG = env.flag("STRATA_DEBUG")
ALLOWED_HOSTS = env.listed("STRATA_ALLOWED_HOSTS") or sorted(
    {_public.hostname or "", "localhost", "127.0.0.1", "[::1]"} - {""}
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "registry",
    "registry.statistics",
    "api",
    "config",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.middleware.AnswerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.PROJECT / "registry" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"strata": "registry.web.tags"},
        },
    }
]

FORM_RENDERER = "registry.web.forms.renderer.StrataRenderer"

DATABASES = {"default": env.database(STRATA_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STRATA_STATIC_ROOT") or STRATA_DATA / "static"
STATICFILES_DIRS = [env.PROJECT / "registry" / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HashedOnceCollected"},
}
WHITENOISE_USE_FINDERS = not (Path(STATIC_ROOT) / "staticfiles.json").exists()

DATA_UPLOAD_MAX_MEMORY_SIZE = int(2.5 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = None

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Drawn figures outlive the process, and all processes share them: the renderer takes half a second to start.
    "figures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STRATA_DATA / "cache" / "figures",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _by_https
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

SECURE_SSL_REDIRECT = _by_https
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^healthz/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _by_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _by_https
# Only behind a proxy that sets the header itself; otherwise a caller could claim to have come by TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("STRATA_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# The doors of the REST interface choose their own parsers and renderers; this only shuts DRF's defaults.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}

# Letters are kept on the outbox page instead of leaving: the default of the embedded server.
STRATA_OUTBOX = env.flag("STRATA_OUTBOX") if env.text("STRATA_OUTBOX") else not env.text("DATABASE_URL")
EMAIL_BACKEND = f"django.core.mail.backends.{'dummy' if STRATA_OUTBOX else 'smtp'}.EmailBackend"

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "config.logs.RequestFilter"}, "one_line": {"()": "config.logs.OneLine"}},
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": env.text("STRATA_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"filters": ["one_line"]},
        # Ticks come every few seconds; only those that fail are news.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
