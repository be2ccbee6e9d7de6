"""The inbox: every door seals what it was handed, stores it, and only then answers."""
