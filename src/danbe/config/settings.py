"""Settings, from the environment or from ``DANBE_VAR/danbe.env``. One file."""

import base64
import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

SRC = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DANBE_VAR") or Path.cwd() / "var").resolve()
env = environ.Env()
if (VAR / "danbe.env").exists():
    env.read_env(VAR / "danbe.env")


def secret(name: str, default: str) -> str:
    """Read ``NAME``, or the file named by ``NAME_FILE``; ``default`` only in demo and tests."""
    file = env.str(f"{name}_FILE", "")
    value = Path(file).read_text().strip() if file else env.str(name, "")
    if not value and not (DEMO or TESTING):
        raise ImproperlyConfigured(f"{name} is not set: run `danbe init`")
    return value or default


# --- What this instance is -----------------------------------------------------------------
DEMO = env.bool("DANBE_DEMO", False)  # one click per persona; refuses any address but loopback
TESTING = env.bool("DANBE_TESTING", False)
ADDRESS = env.str("DANBE_ADDRESS", "http://127.0.0.1:8000")  # what people type
COUNTRY = "mali"
QUICK_EXIT_URL = env.str("DANBE_QUICK_EXIT_URL", "https://fr.wikipedia.org/")

DEBUG = False
SECRET_KEY = secret("DANBE_SECRET_KEY", "demonstration-only-" + "x" * 40)
# "2026:base64,2025:base64": newest first; ids are 4 characters.
MASTER_KEYS = {
    key_id: base64.b64decode(key)
    for key_id, _, key in (
        pair.partition(":")
        for pair in secret("DANBE_MASTER_KEYS", "demo:" + "A" * 43 + "=").split(",")
    )
}
BLIND_KEY = base64.b64decode(secret("DANBE_BLIND_KEY", "B" * 43 + "="))
AUDIT_KEY = base64.b64decode(secret("DANBE_AUDIT_KEY", "C" * 43 + "="))
AUDIT_HEAD_FILE = VAR / "audit.head"

ALLOWED_HOSTS = (
    ["127.0.0.1", "localhost", "[::1]", "testserver"]
    if DEMO or TESTING
    else env.list("DANBE_HOSTS", default=["127.0.0.1", "localhost"])
)
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS.startswith("https://") else []

# --- Parts ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "danbe.core",
    "danbe.accounts",
    "danbe.partnership",
    "danbe.protection",
    "danbe.figures",
    "danbe.plan",
    "danbe.reports",
    "danbe.jobs",
    "danbe.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "danbe.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "danbe.accounts.middleware.ActorMiddleware",
    "danbe.core.pages.AccessMiddleware",
    "danbe.web.errors.ErrorMiddleware",
]
ROOT_URLCONF = "danbe.config.urls"
WSGI_APPLICATION = "danbe.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SRC / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "danbe.web.context.site",
            ],
            "builtins": ["danbe.web.templatetags.danbe"],
        },
    }
]

# --- Database: SQLite on one machine, PostgreSQL for the nation -----------------------------
DATABASES = {
    "default": env.db_url_config(
        env.str("DANBE_DATABASE_URL", f"sqlite:///{VAR / 'danbe.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged write survives a power cut.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            # The file is read where the system keeps it, as far as SQLite can (2 GiB).
            "PRAGMA cache_size=-65536; PRAGMA mmap_size=2147418112; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A history of all years is grouped in memory, not in a file.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c work_mem=16MB")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["danbe.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "danbe.accounts.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes slows down, and locks nobody out
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "danbe.accounts.sign_in.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Danbe"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.05  # hours: three minutes, for that address and that account together
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/slowed.html"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "danbe.accounts.sign_in.attempted_account"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password"]
AXES_DISABLE_ACCESS_LOG = True
TWO_FACTOR_REQUIRED = env.bool("DANBE_TWO_FACTOR", not (DEMO or TESTING)) if DEMO else not TESTING

SESSION_ENGINE = "danbe.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("DANBE_IDLE_SECONDS", 30 * 60)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ADDRESS.startswith("https://")
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = False  # the reverse proxy does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if ADDRESS.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
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

# --- Language, time ------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [SRC / "locale"]
LANGUAGE_COOKIE_NAME = "danbe_language"
USE_TZ = True
TIME_ZONE = "Africa/Bamako"

# --- Files, mail, log ----------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [SRC / "web" / "static"]
STATIC_ROOT = VAR / "static"
# Without gathered files (a developer's first minute, tests) they are found where they lie.
GATHERED = not TESTING and (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not GATHERED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if GATHERED or env.bool("DANBE_GATHER", False)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
MEDIA_ROOT = VAR / "media"  # sealed files only, under random names
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
EMAIL_CONFIG = env.email_url("DANBE_EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DANBE_FROM_EMAIL", "danbe@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Paths and parameters may tell: an error is logged with its type and place only.
    "loggers": {"django.request": {"level": "CRITICAL"}, "axes": {"level": "CRITICAL"}},
}
SILENCED_SYSTEM_CHECKS = [
    "axes.W003",
    "security.W005",  # the domain's other names are not ours to bind to HTTPS
    "security.W008",  # the reverse proxy redirects
    "security.W021",  # a preload list is the domain owner's choice
]
