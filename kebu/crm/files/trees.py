"""A file in the recycle bin: its bytes stay where they lie."""

from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.crm.recycling.registry import Tree, plant

FILE = plant(
    Tree(
        kind="file",
        label=_("附件"),
        icon="file-text",
        model="files.File",
        permission=Permission.FILE_REMOVE,
        files=("path", "thumbnail"),
    )
)
