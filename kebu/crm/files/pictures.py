"""Pictures drawn anew: upright, no larger than needed, without place, device or anything else hidden."""

from io import BytesIO
from pathlib import Path
from threading import Lock

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kebu.base.kit.errors import Unreadable

LONGEST_SIDE = 4096
THUMBNAIL = (320, 320)
_ONE_AT_A_TIME = Lock()  # a picture of 25 million points takes 100 MB while it is drawn


def redraw(path: Path, name: str, *, is_photo: bool) -> tuple[BytesIO, BytesIO]:
    """Return the picture as JPEG (photos) or PNG, and a small WebP of it. Raises Unreadable when broken."""
    try:
        with _ONE_AT_A_TIME:
            return _drawn(path, is_photo=is_photo)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Unreadable(_("图片“%(name)s”打不开，可能没有传完整，请重新选择") % {"name": name}) from fault


def _drawn(path: Path, *, is_photo: bool) -> tuple[BytesIO, BytesIO]:
    with Image.open(path, formats=["JPEG"] if is_photo else ["PNG", "WEBP", "GIF"]) as source:
        source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at the size needed
        has_alpha = source.mode in ("RGBA", "LA", "PA") or "transparency" in source.info
        picture = ImageOps.exif_transpose(source).convert("RGBA" if has_alpha else "RGB")
    picture.info = {}  # comments and profiles would be written again
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    large = _written(picture, "JPEG" if is_photo else "PNG", quality=88, optimize=True)
    picture.thumbnail(THUMBNAIL)
    return large, _written(picture, "WEBP", quality=80)


def _written(picture: Image.Image, kind: str, **options: object) -> BytesIO:
    out = BytesIO()
    picture.save(out, kind, **options)
    out.seek(0)
    return out
