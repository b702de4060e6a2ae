"""The web application, as a WSGI server calls it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django import setup

from config.checks import refuse_unsafe
from config.handler import Handler

setup(set_prefix=False)
application = Handler()
refuse_unsafe()
