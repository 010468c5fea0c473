"""The WSGI application, for Granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from kebu.base.kit.pinyin_table import pinyin_table
from kebu.base.kit.region_table import table as region_table
from kebu.project.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")

end_with_parent()
application = get_wsgi_application()

# Read once at the start what the first search would otherwise wait for.
pinyin_table()
region_table()
