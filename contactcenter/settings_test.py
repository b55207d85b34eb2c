"""What differs in a test run: quick passwords; the database and Valkey are the real ones."""

import os

from contactcenter.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Several processes share one Valkey; what one of them clears the others keep.
_process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
CACHES["default"]["OPTIONS"] = {"db": 1 + int(_process)}  # noqa: F405
DATABASES["default"]["OPTIONS"].pop("pool")  # noqa: F405 -- a test database is dropped at the end
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for a test run
REALTIME = False  # a test is nobody's conversation
