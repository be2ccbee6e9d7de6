"""Pure types and arithmetic: the words of the design, as frozen values. Imports no framework and no database."""
