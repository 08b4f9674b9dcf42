"""What the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danbe.config.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page, before there are workers
# What was loaded to start lives as long as the process: looking through it again at each
# collection costs a fifth of the time of the largest pages. And a page makes thousands of rows
# that no cycle holds: cycles are looked for every fifty thousand objects, not seven hundred.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
