"""The web application, as a WSGI server calls it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup(set_prefix=False)

from config.checks import refuse_unsafe
from config.handler import Handler

application = Handler()
refuse_unsafe()
