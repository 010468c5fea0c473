"""Room notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Room notices 通知."""

    name = "kebu.office.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from kebu.office.notices import kinds

        test = kinds.Kind(kinds.TEST, _("测试消息"), "", _("看看一条渠道通不通"), is_for_team=True)
        kinds.register(test)
