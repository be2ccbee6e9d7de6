"""Settings: one section a concern, one slice a process; a process never sees a section it is not granted."""

from gateway.settings.loading import load, must_exist
from gateway.settings.slices import (
    SLICES,
    ConsoleSlice,
    Everything,
    ImapSlice,
    RelaySlice,
    SmtpSlice,
    WebSlice,
    WorkerSlice,
    socket_path,
)

__all__ = [
    "SLICES",
    "ConsoleSlice",
    "Everything",
    "ImapSlice",
    "RelaySlice",
    "SmtpSlice",
    "WebSlice",
    "WorkerSlice",
    "load",
    "must_exist",
    "socket_path",
]
