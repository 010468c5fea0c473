"""{% translate %} in templates: fixed texts once per language, everything else Django's way."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.template import Context, Template
from django.templatetags.i18n import TranslateNode
from django.utils.translation import override


@pytest.fixture
def looked_up() -> Iterator[list[str]]:
    """Count how often Django's own tag is asked."""
    asked: list[str] = []
    original = TranslateNode.render

    def render(self: TranslateNode, context: Context) -> str:
        asked.append(str(self.filter_expression))
        return original(self, context)

    with patch.object(TranslateNode, "render", render):
        yield asked


def test_a_fixed_text_is_looked_up_once_per_language(looked_up: list[str]) -> None:
    page = Template('{% for n in "abc" %}{% translate "January" %}{% endfor %}')
    for language, text in (("zh-hans", "一月"), ("en", "January"), ("zh-hans", "一月")):
        with override(language):
            assert page.render(Context()) == text * 3
    assert len(looked_up) == 2


def test_what_can_change_is_looked_up_each_time() -> None:
    with override("zh-hans"):
        page = Template('{% translate month %}{% translate "May" as name %}{{ name }}')
        assert page.render(Context({"month": "March"})) == "三月五月"
        assert page.render(Context({"month": "June"})) == "六月五月"


def test_the_sign_of_percent_stays_one() -> None:
    assert Template('{% translate "资料100%" %}').render(Context()) == "资料100%"
