"""The WSGI application, for Granian or any other server."""

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from kebu.base.kit.pinyin_table import pinyin_table
from kebu.base.kit.region_table import table as region_table
from kebu.project import env
from kebu.project.lifeline import end_with_parent
from kebu.project.loading import loading

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")


def passed_on(served: "WSGIApplication") -> "WSGIApplication":
    """The application behind a proxy, if there is one: it is believed about https and the visitor's address.

    Without one nobody is, for whoever sits at the machine could name another address with each guess.
    """
    return wrap_wsgi_with_proxy_headers(served, trusted_hosts="127.0.0.1") if env.is_proxied() else served


end_with_parent()
with loading():
    # Read once at the start what the first request and the first search would otherwise wait for.
    pinyin_table()
    region_table()
    application = passed_on(get_wsgi_application())
    get_resolver().url_patterns  # noqa: B018 - known once it was asked for
