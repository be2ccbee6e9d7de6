"""Finding words, phrases and patterns in what people write, in several languages, once for all rules."""
