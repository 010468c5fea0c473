"""The WSGI application, for Granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from kebu.base.kit.pinyin_table import pinyin_table
from kebu.base.kit.region_table import table as region_table
from kebu.project.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")

end_with_parent()
# Only this machine reaches the server: a proxy on it is believed about https and the visitor's address.
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts="127.0.0.1")

# Read once at the start what the first search would otherwise wait for.
pinyin_table()
region_table()
