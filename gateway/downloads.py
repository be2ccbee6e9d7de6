"""What a file is called when it is downloaded, for both sites."""

from urllib.parse import quote


def download_as(filename: str) -> str:
    """The `Content-Disposition` of a download (RFC 6266): a plain name for old clients, the whole one beside it."""
    name = filename or "file"
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-_()") else "_" for one in name) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
