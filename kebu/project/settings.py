"""Django settings. Everything that differs between installations comes from kebu.project.env."""

from pathlib import Path

from csp.constants import NONE, SELF

from kebu.project import env, outside, secrets
from kebu.project.databases import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.data_folder()

SECRET_KEY = secrets.secret_key(DATA_DIR)
DEBUG = env.value("KEBU_DEBUG") == "1"
ALLOWED_HOSTS = env.hosts()

INSTALLED_APPS = [
    "kebu.base.ui",
    "kebu.base.access",
    "kebu.base.fields",
    "kebu.base.filters",
    "kebu.base.search",
    "kebu.base.jobs",
    "kebu.base.journal",
    "kebu.base.records",
    "kebu.base.batches",
    "kebu.base.tables",
    "kebu.office.staff",
    "kebu.office.notices",
    "kebu.office.signin",
    "kebu.office.vocabulary",
    "kebu.office.workdays",
    "kebu.office.tags",
    "kebu.office.custom_fields",
    "kebu.office.backups",
    "kebu.office.backstage",
    "kebu.crm.customers",
    "kebu.crm.recycling",
    "kebu.crm.lifecycle",
    "kebu.crm.disputes",
    "kebu.crm.tagging",
    "kebu.crm.contacts",
    "kebu.crm.consents",
    "kebu.crm.key_dates",
    "kebu.crm.purchases",
    "kebu.crm.files",
    "kebu.crm.interactions",
    "kebu.crm.promises",
    "kebu.crm.changes",
    "kebu.crm.followups",
    "kebu.crm.visits",
    "kebu.crm.cadence",
    "kebu.crm.churn",
    "kebu.crm.segments",
    "kebu.crm.pool",
    "kebu.crm.reminders",
    "kebu.exchange.dedupe",
    "kebu.exchange.imports",
    "kebu.exchange.exports",
    "kebu.front.audit",
    "kebu.front.privacy",
    "kebu.front.reveals",
    "kebu.front.desk",
    "kebu.front.calendar",
    "kebu.front.meetings",
    "kebu.front.reviews",
    "kebu.front.profile",
    "kebu.front.palette",
    "kebu.front.demo",
    "kebu.trials.bench",
    "kebu.trials.drills",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    *outside.apps(),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "kebu.base.ui.hygiene.refuse_nul",
    "kebu.base.fields.middleware.with_own_fields",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kebu.base.journal.denials.note_denials",
    "kebu.office.staff.middleware.first_run",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kebu.office.signin.middleware.gate",
    "kebu.office.staff.previewing.look_as_previewed",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "kebu.project.urls"
WSGI_APPLICATION = "kebu.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kebu.base.ui.context.shell",
            ],
            "builtins": [
                "kebu.base.ui.templatetags.kebu",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kebu.base.ui.templatetags.wording",
            ],
        },
    },
]

FORM_RENDERER = "kebu.base.ui.widgets.Renderer"

DATABASES = {"default": database_settings(env.value("DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kebu.office.signin.passwords.HousePassword"}]
LOGIN_URL = "signin:sign_in"
LOGIN_REDIRECT_URL = "desk:desk"
LOGOUT_REDIRECT_URL = "signin:sign_in"

# django-allauth, as far as room signin uses it: second factor, rows of sessions, identities from outside.
ACCOUNT_ADAPTER = "kebu.office.signin.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # tries are counted in the database, see kebu.office.signin.tries
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.is_https() else "http"
MFA_ADAPTER = "kebu.office.signin.adapters.SecondFactorAdapter"
MFA_TOTP_TOLERANCE = 1  # half a minute of a wrong clock on the phone
SOCIALACCOUNT_ADAPTER = "kebu.office.signin.adapters.OutsideAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
KEBU_OUTSIDE = outside.ways()

# Mail, if there is a server.
KEBU_MAIL = bool(env.value("KEBU_MAIL"))
DEFAULT_FROM_EMAIL = env.value("KEBU_MAIL_FROM")
globals().update(outside.mail_settings(env.value("KEBU_MAIL")))

# Notices: what their links begin with, and where in the own network they may go.
KEBU_ADDRESS = env.address()
KEBU_LAN_HOSTS = env.lan_hosts()

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [path for path in (BASE_DIR / "frontend" / "dist",) if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "kebu.office.signin.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_https()
CSRF_FAILURE_VIEW = "kebu.base.ui.views.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
KEBU_CURRENCY = env.word("KEBU_CURRENCY", 4)
KEBU_UPLOAD_MB = env.number("KEBU_UPLOAD_MB", 1, 1000)
KEBU_RECYCLE_DAYS = env.number("KEBU_RECYCLE_DAYS", 1, 3_650)
KEBU_JOURNAL_DAYS = env.number("KEBU_JOURNAL_DAYS", 180, 36_500)
KEBU_REVEAL_QUOTA = env.number("KEBU_REVEAL_QUOTA", 0, 10_000)
FILE_UPLOAD_HANDLERS = ["kebu.base.ui.uploads.CappedUpload"]

# The side bar: (url name, label, icon, permission, group); see kebu.base.ui.navigation.NavItem.
KEBU_NAVIGATION = [
    ("desk:desk", "工作台", "checkup-list", None, "main", "kebu.front.desk.queries.overdue_badge"),
    ("customers:list", "客户", "building", "customer.view"),
    ("pool:list", "公海", "ripple", "pool.claim"),
    ("followups:list", "跟进计划", "calendar-due", "customer.view"),
    ("promises:list", "承诺", "checks", "customer.view"),
    ("key_dates:list", "重要日子", "calendar-star", "customer.view"),
    ("purchases:list", "采购记录", "basket", "customer.view"),
    ("churn:list", "流失预警", "clock-exclamation", "customer.view"),
    ("changes:list", "重要变更", "alert-triangle", "customer.view", "tools"),
    ("calendar:calendar", "日历", "calendar", "customer.view"),
    ("visits:list", "拜访计划", "map-pin", "plan.create"),
    ("meetings:list", "周会", "message-2", "meeting.lead"),
    ("reviews:review", "复盘", "chart-bar", "meeting.lead"),
    (
        "disputes:list",
        "撞单",
        "git-merge",
        "customer.view",
        "tools",
        "kebu.crm.disputes.queries.waiting_badge",
    ),
    ("imports:list", "导入", "file-import", "customer.import", "tools"),
    ("exports:list", "导出", "file-export", "customer.export", "tools"),
    ("segments:list", "客户分群", "users-group", "customer.view", "tools"),
    ("customers:archive", "归档", "archive", "customer.view customer.archive", "tools"),
    ("recycling:list", "回收站", "trash", "customer.view customer.edit", "tools"),
    ("batches:list", "批量操作", "checklist", "customer.view", "tools"),
    ("audit:list", "操作日志", "history", "journal.view", "tools"),
    (
        "staff:users",
        "设置",
        "settings",
        "staff.manage",
        "tools",
        "kebu.office.backups.queries.failure_badge",
    ),
]

# Backups: the folder, the second one they are copied to, and what `kebu check` looks at besides.
KEBU_BACKUPS = Path(env.value("KEBU_BACKUP_FOLDER") or DATA_DIR / "backups").resolve()
KEBU_BACKUP_COPY = env.value("KEBU_BACKUP_COPY")
KEBU_CHECKS = ["kebu.project.soundness.search_finding", "kebu.project.soundness.journal_finding"]

# Background jobs, and the password of the demo accounts (empty: no demo data here).
KEBU_SCHEDULE = "kebu.project.schedule.SCHEDULE"
KEBU_WORKER_THREADS = env.number("KEBU_WORKER_THREADS", 1, 16)
KEBU_DEMO_PASSWORD = secrets.demo_password(DATA_DIR)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.value("KEBU_LOG_LEVEL").upper()},
    "loggers": {"django": {"handlers": [], "level": "NOTSET", "propagate": True}},
}
