"""Room vocabulary."""

from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    """Room vocabulary 数据字典."""

    name = "kebu.office.vocabulary"
    label = "vocabulary"
    verbose_name = "数据字典"

    def ready(self) -> None:
        from kebu.office.vocabulary import fields  # noqa: F401  registers the directories
