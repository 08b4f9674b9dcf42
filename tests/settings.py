"""The product's own settings, told that they serve a test."""

import os
import tempfile

os.environ.setdefault("DANBE_TESTING", "1")
os.environ.setdefault("DANBE_VAR", tempfile.mkdtemp(prefix="danbe-test-"))

from danbe.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; never shipped
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # each client of a test would list every static file again
