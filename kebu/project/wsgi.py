"""The WSGI application, for Granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from kebu.project.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")

end_with_parent()
application = get_wsgi_application()
