"""What every section of the settings is: a table of `heed.toml`."""

from ipaddress import ip_address

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of `heed.toml`. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
