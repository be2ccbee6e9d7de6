"""Data that is more than ordinary: its classes, where it stands in a text, and a text without it."""
