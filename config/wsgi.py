"""The web application, as a WSGI server calls it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_unsafe

application = get_wsgi_application()
refuse_unsafe()
