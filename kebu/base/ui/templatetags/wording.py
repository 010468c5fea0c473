"""``{% translate "…" %}`` for texts that stand in the template: looked up once per language, not per page.

A page asks for a hundred such texts; Django's own tag spends a tenth of the page's time on them. What is not
a plain text (a variable, a context, ``as``, ``noop``) goes Django's way.
"""

from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class FixedText(Node):
    """A text of the template in the reader's language."""

    child_nodelists = ()
    nodelist: NodeList

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.drawn: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the translation, made at the first asking."""
        language = get_language()
        found = self.drawn.get(language)
        if found is None:
            found = self.drawn[language] = self.node.render(context)
        return found


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Take Django's tag, and keep what it draws when nothing but the language can change it."""
    node: Any = do_translate(parser, token)
    is_fixed = (
        isinstance(node.filter_expression.var.literal, str)
        and not node.filter_expression.filters
        and not (node.asvar or node.message_context or node.noop)
    )
    return FixedText(node) if is_fixed else node
