"""The contracts run on every backend: see `heedtest.stores`."""
