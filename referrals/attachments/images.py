"""Pictures, drawn again: what a camera wrote beside the picture, such as where it was taken, does not come with it."""

import io
import threading

from PIL import Image, ImageOps, PngImagePlugin

from referrals.refusals import Refused

MAX_MEGAPIXELS = 50
BROKEN = "This picture is damaged, or it is not what its name says. Open it, save it again, and choose the new file"
TOO_MANY_PIXELS = f"This picture has more than {MAX_MEGAPIXELS} million pixels. Make it smaller, and choose it again"

#: We look at the size ourselves, before a pixel is drawn; Pillow's own limit is only a warning.
Image.MAX_IMAGE_PIXELS = None
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
#: A large picture takes 200 MB while it is drawn: one at a time in each process.
_DRAWING = threading.Lock()


def redrawn(content: bytes, format_: str) -> bytes:
    """The same picture, upright, in the same format ("JPEG", "PNG"), with nothing but its pixels."""
    with _DRAWING:
        try:
            return _redrawn(content, format_)
        except Refused:
            raise
        except Exception as error:  # Pillow's readers raise whatever a hostile header leads them to
            raise Refused(BROKEN) from error


def _redrawn(content: bytes, format_: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=[format_]) as image:
        if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
            raise Refused(TOO_MANY_PIXELS)
        upright = ImageOps.exif_transpose(image)
        has_holes = format_ == "PNG" and upright.has_transparency_data
        clean = upright.convert("RGBA" if has_holes else "L" if upright.mode in ("1", "L") else "RGB")
    clean.info.clear()
    out = io.BytesIO()
    clean.save(out, format_, quality=90, compress_level=4)
    return out.getvalue()
