"""Pictures drawn anew: upright, in sRGB, without EXIF, XMP, comment, profile or thumbnail."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from gateway.cleaning.kinds import CannotClean, Copy, Kind

MOST_PIXELS = 50_000_000
"""Of all frames together: a fifth of a gigabyte, several times over while it is drawn. Larger pictures stay as they came."""
MOST_FRAMES = 1_000
JPEG_QUALITY = 92
FORMATS = {
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.PNG: ("PNG",),
    Kind.WEBP: ("WEBP",),
    Kind.GIF: ("GIF",),
    Kind.HEIC: ("HEIF",),
}
ANIMATED = frozenset({Kind.PNG, Kind.WEBP, Kind.GIF})


def prepare() -> None:
    """Load every reader and writer, before files can no longer be opened."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    Image.init()
    ImageCms.createProfile("sRGB")
    for name in ("JPEG", "PNG", "GIF", "WEBP"):
        Image.new("RGB", (1, 1)).save(BytesIO(), name)


def clean_image(content: bytes, kind: Kind) -> Copy:
    """A picture's clean copy. Raises `CannotClean` when it cannot be read or is too large."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS[kind]) as image:
            frames = getattr(image, "n_frames", 1) if kind in ANIMATED else 1
            if image.width * image.height * frames > MOST_PIXELS or frames > MOST_FRAMES:
                raise CannotClean("the picture is too large")
            return _moving(image, kind) if frames > 1 else _still(image, kind)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CannotClean("the picture cannot be read") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError) as error:
        raise CannotClean("the picture is damaged") from error  # Pillow's readers raise these for broken files


def _still(image: Image.Image, kind: Kind) -> Copy:
    written = Kind.JPEG if kind is Kind.HEIC else kind
    out, drawn = BytesIO(), _drawn(image)
    if written is Kind.JPEG:
        drawn.convert("L" if drawn.mode == "L" else "RGB").save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    elif written is Kind.WEBP:
        drawn.save(out, "WEBP", quality=JPEG_QUALITY, exact=False)
    else:
        drawn.save(out, FORMATS[written][0])
    return Copy(out.getvalue(), written.value)


def _moving(image: Image.Image, kind: Kind) -> Copy:
    """Frame by frame; how long each stands and how often it all repeats belong to what it shows."""
    repeats = {"loop": int(image.info.get("loop", 0))} if "loop" in image.info else {}
    frames, lasts = [], []
    for frame in ImageSequence.Iterator(image):
        lasts.append(int(frame.info.get("duration", 100)))
        frames.append(_drawn(frame.convert("RGBA")))
    out = BytesIO()
    more: dict[str, Any] = {"disposal": 2} if kind is Kind.GIF else {}
    frames[0].save(out, FORMATS[kind][0], save_all=True, append_images=frames[1:], duration=lasts, **repeats, **more)
    return Copy(out.getvalue(), kind.value)


def _drawn(image: Image.Image) -> Image.Image:
    """The same pixels in a new picture that knows nothing else, turned as its EXIF says and brought to sRGB."""
    image.load()
    plain = _in_srgb(ImageOps.exif_transpose(image))
    drawn = Image.new(plain.mode, plain.size)
    drawn.paste(plain)
    return drawn


def _in_srgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    wanted = "RGBA" if transparent else "L" if image.mode in {"L", "1"} else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            from_profile = ImageCms.ImageCmsProfile(BytesIO(profile))
            out = image.mode if image.mode != "CMYK" else "RGB"
            made = ImageCms.profileToProfile(image, from_profile, ImageCms.createProfile("sRGB"), outputMode=out)
        except (ImageCms.PyCMSError, OSError):
            return image.convert(wanted)  # a broken profile: shown as if it had none
        return made.convert(wanted) if made is not None else image.convert(wanted)
    return image.convert(wanted)
