"""The words of the site, one file a language."""
