"""Room files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Room files 附件."""

    name = "kebu.crm.files"
    label = "files"
    verbose_name = "附件"
