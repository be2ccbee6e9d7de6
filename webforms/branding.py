"""The organisation's colour and logo on the public site, kept readable whatever was chosen."""

import colorsys
from dataclasses import dataclass, field
from pathlib import Path

from cases.errors import Refused
from gateway.settings.organisation import Organisation

READABLE = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""

LIGHT = ((255, 255, 255), (246, 245, 240), (238, 236, 229))
DARK = ((26, 33, 30), (18, 23, 21), (13, 17, 15))
"""The surfaces of `gateway/design/tokens.css` that the colour is text on, light and dark."""

MOST_LOGO = 40 * 1024
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Brand:
    """What a site looks like beyond its own design: rules that override tokens, and a logo with its type."""

    css: str = ""
    logo: bytes = field(default=b"", repr=False)
    logo_type: str = ""


def brand_of(organisation: Organisation, home: Path) -> Brand:
    """The brand that the settings describe. Raises `Refused` for a logo that is missing, too large or no picture we serve."""
    css = colour_rules(organisation.colour) if organisation.colour else ""
    if not organisation.logo:
        return Brand(css)
    path = home / organisation.logo
    kind = TYPES.get(path.suffix.lower(), "")
    if not kind:
        raise Refused(f"organisation.logo: {organisation.logo} is none of {', '.join(TYPES)}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"organisation.logo: {organisation.logo} cannot be read ({type(error).__name__})") from None
    if len(content) > MOST_LOGO:
        raise Refused(f"organisation.logo: {organisation.logo} is larger than {MOST_LOGO // 1024} kB")
    return Brand(css, content, kind)


def colour_rules(colour: str) -> str:
    """The tokens of one colour for light and dark pages, each as near to it as reads well."""
    wanted = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    light, dark = readable(wanted, LIGHT, -0.01), readable(wanted, DARK, 0.01)
    return (
        f":root {{ {_tokens(light, _mixed(light, LIGHT[0], 0.1), -0.06, (255, 255, 255))} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_tokens(dark, _mixed(dark, DARK[0], 0.14), 0.08, DARK[2])} }} }}\n"
    )


def readable(colour: Colour, surfaces: tuple[Colour, ...], step: float) -> Colour:
    """The nearest colour, by lightness in steps (0 to 1, the sign says which way), that is readable on all of these, on
    its own faint tint, and with white or black text upon it.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    while True:
        red, green, blue = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness)), saturation)
        found = (round(red * 255), round(green * 255), round(blue * 255))
        tint = _mixed(found, surfaces[0], 0.15)
        if all(contrast(found, one) >= READABLE for one in (*surfaces, tint)) or not 0 < lightness + step < 1:
            return found
        lightness += step


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours (WCAG 2.2), 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _tokens(accent: Colour, soft: Colour, further: float, on_accent: Colour) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in accent))
    strong = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + further)), saturation)
    stronger: Colour = (round(strong[0] * 255), round(strong[1] * 255), round(strong[2] * 255))
    pairs = (("accent", accent), ("accent-strong", stronger), ("accent-soft", soft), ("on-accent", on_accent))
    return " ".join(f"--{name}: #{red:02x}{green:02x}{blue:02x};" for name, (red, green, blue) in pairs)


def _mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(colour, ground, strict=True))
    return red, green, blue
