"""What the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danbe.config.settings")
application = get_wsgi_application()
# What was loaded to start lives as long as the process: looking through it again at each
# collection costs a fifth of the time of the largest pages.
gc.collect()
gc.freeze()
