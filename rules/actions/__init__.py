"""The actions of the language, one file each, found by their place (see CONTRIBUTING.md: add an action)."""
