"""The conditions of the language, one file each, found by their place (see CONTRIBUTING.md: add a condition)."""
