"""Cleans an HTML body for the console: no scripts, no styles, nothing that loads from elsewhere."""

from gateway.normalizer.bodies.html_text import looks_like_html, nests_deeper
from gateway.normalizer.problems import Problems

MOST_HTML = 1_000_000
MOST_NESTING = 1500
MOST_AMPERSANDS = 20_000
"""nh3 takes quadratic time beyond these (measured: 100,000 open tags 30 s, a million ampersands 12 s)."""

_TAGS = frozenset([
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt",
    "u", "ul", "var"
])  # fmt: skip
# Of other elements, controls of forms among them, the words stay.
_DROPPED = frozenset(["script", "style", "title", "head", "template", "svg", "math", "iframe", "noscript"])
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start", "type"},
    "font": {"color"},
    "blockquote": {"type"},
}


def sanitise(html: str, problems: Problems) -> str:
    """Safe HTML, or "" when it is too odd to clean in bounded time. Images keep only `cid:` sources (RFC 2392)."""
    if not html or not looks_like_html(html):
        return ""
    if len(html) > MOST_HTML or html.count("&") > MOST_AMPERSANDS or nests_deeper(html, MOST_NESTING):
        problems.add("the HTML is too large or too deeply nested to be shown; its text is kept")
        return ""
    import nh3

    return nh3.clean(
        html.replace("\0", ""),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=_only_own_images,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def _only_own_images(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.lower().startswith("cid:"):
        return None
    if tag == "a" and attribute == "href" and value.lower().startswith("cid:"):
        return None
    return value
