"""What the customer page shows one at a time on a phone."""

from django.utils.translation import gettext_lazy

TABS = (
    ("story", gettext_lazy("往来")),
    ("facts", gettext_lazy("资料")),
    ("people", gettext_lazy("计划和联系人")),
)
