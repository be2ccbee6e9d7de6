"""The YAML language: from text to a checked tree, from the tree to a ruleset, and its schema and reference page."""
