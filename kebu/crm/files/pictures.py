"""Pictures drawn anew: upright, no larger than needed, without place, device or anything else hidden."""

from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kebu.base.kit.errors import Unreadable

LONGEST_SIDE = 4096
THUMBNAIL = (320, 320)


def redraw(path: Path, name: str, *, is_photo: bool) -> tuple[BytesIO, BytesIO]:
    """Return the picture as JPEG (photos) or PNG, and a small WebP of it. Raises Unreadable when broken."""
    try:
        with Image.open(path) as source:
            upright = ImageOps.exif_transpose(source)
            picture = upright.convert("RGB" if is_photo or not _has_alpha(upright) else "RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Unreadable(_("图片“%(name)s”打不开，可能没有传完整，请重新选择") % {"name": name}) from fault
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    large = _written(picture, "JPEG" if is_photo else "PNG", quality=88, optimize=True)
    picture.thumbnail(THUMBNAIL)
    return large, _written(picture, "WEBP", quality=80)


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _written(picture: Image.Image, kind: str, **options: object) -> BytesIO:
    out = BytesIO()
    picture.save(out, kind, **options)
    out.seek(0)
    return out
