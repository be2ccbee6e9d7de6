"""Reading the header block of a mail: names, encoded words, parameters, addresses, ids, dates."""
