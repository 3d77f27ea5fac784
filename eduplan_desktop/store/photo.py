"""A photo as it is kept: at most 1280 pixels and 150 KB, upright, JPEG, without metadata or colour profile (D1).

Any bytes may come in. Pillow is loaded when the first photo comes.
"""

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eduplan_desktop.errors import RefusedError
from eduplan_desktop.i18n import _

if TYPE_CHECKING:
    from PIL import Image

LONGEST_SIDE: Final = 1280
MOST_BYTES: Final = 150 * 1024
_MOST_INPUT: Final = 64 << 20
_MOST_PIXELS: Final = 50_000_000
"""Pixels of a picture that has to be unpacked whole; JPEG is unpacked at a smaller scale and may have more."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
_RAISED: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on foreign bytes, by fuzzing and by reading them."""
_QUALITIES: Final = (85, 78, 70, 62, 54, 46, 38)
_SHRINK: Final = 0.8


def encode(source: Path | bytes) -> bytes:
    """The bytes to keep. Raises RefusedError `photo_unreadable` or `photo_too_large`."""
    body = _read(source)
    from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    del (
        BmpImagePlugin,
        GifImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        WebPImagePlugin,
    )  # loaded, so that `open` knows them
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
                return _fitted(_upright(image))
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _RAISED as error:
        raise RefusedError(
            "photo_unreadable",
            _("这个文件不是能读的照片。"),
            _("请选择 JPG 或 PNG 照片；苹果手机的 HEIC 照片请先在手机上另存为 JPG。"),
        ) from error


def _read(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        body = source
    else:
        try:
            with source.open("rb") as file:
                body = file.read(_MOST_INPUT + 1)
        except OSError as error:
            raise RefusedError(
                "photo_unreadable", _("照片文件打不开。"), _("请检查文件是否还在，U 盘是否插好。")
            ) from error
    if len(body) > _MOST_INPUT:
        raise _too_large()
    return body


def _too_large() -> RefusedError:
    return RefusedError("photo_too_large", _("照片太大，读不了。"), _("请用手机或看图软件缩小后再选。"))


def _upright(image: "Image.Image") -> "Image.Image":
    """Scaled, turned as the camera meant, on white where transparent."""
    from PIL import Image, ImageOps

    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if image.width * image.height > _MOST_PIXELS:
        raise _too_large()
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    if image.mode != "RGB":
        image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", image.size)  # comments, profiles and places stay behind with the old one
    fresh.paste(image)
    return fresh


def _fitted(image: "Image.Image") -> bytes:
    """The best quality that fits; a picture that fits in none is made smaller."""
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
        size = (max(1, int(image.width * _SHRINK)), max(1, int(image.height * _SHRINK)))
        image = image.resize(size)
