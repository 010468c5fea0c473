"""Every address names its permission; GET writes nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import PUBLIC, SIGNED_IN
from tests.harness import WriteRefused


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}", entry


def all_patterns() -> list[tuple[str, URLPattern]]:
    return list(patterns(get_resolver()))


def test_every_address_names_its_permission() -> None:
    known = {permission.value for permission in Permission} | {SIGNED_IN, PUBLIC}
    wrong = [
        f"{name} ({entry.pattern}): {getattr(entry.callback, 'permission', 'names no permission')}"
        for name, entry in all_patterns()
        if getattr(entry.callback, "permission", None) not in known
    ]
    assert not wrong


# django-allauth looks these up by their bare names; they lead to pages of ours.
OF_THE_LIBRARY = {
    "account_login",
    "mfa_authenticate",
    "dingtalk_callback",
    "feishu_callback",
    "weixin_callback",
    "openid_connect_callback",
}


def test_every_address_has_one_name() -> None:
    names = [name for name, _ in all_patterns()]
    bare = {name for name in names if name.endswith("None") or name.count(":") != 1}
    assert bare == OF_THE_LIBRARY
    assert not {name for name in names if names.count(name) > 1}


def addresses_without_arguments() -> list[str]:
    from django.urls import reverse

    return [reverse(name) for name, entry in all_patterns() if not entry.pattern.regex.groups]


@pytest.mark.django_db
def test_get_writes_nothing(
    admin: Any, client: Client, read_only: Callable[[], AbstractContextManager[None]]
) -> None:
    """Every address without arguments, as a page and as a fragment."""
    client.force_login(admin)
    wrong = []
    with read_only():
        for address in addresses_without_arguments():
            for headers in ({}, {"HX-Request": "true"}):
                response = client.get(address, headers=headers)
                if response.status_code >= 500:
                    wrong.append(f"{address} {headers}: {response.status_code}")
    assert not wrong


@pytest.mark.django_db
def test_strangers_see_only_public_pages(client: Client) -> None:
    """Without signing in every other address leads to the sign-in page (or refuses the method)."""
    from django.urls import resolve

    for address in addresses_without_arguments():
        answer = client.get(address)
        if getattr(resolve(address).func, "permission", None) != PUBLIC:
            assert answer.status_code in {302, 405}, address


@pytest.mark.django_db
def test_the_guard_notices_a_write(read_only: Callable[[], AbstractContextManager[None]]) -> None:
    from django.contrib.sessions.models import Session

    with read_only(), pytest.raises(WriteRefused), transaction.atomic():
        Session.objects.update(session_data="")
    with read_only():
        assert not Session.objects.exists()
