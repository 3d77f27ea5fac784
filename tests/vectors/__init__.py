"""Vectors of the exchange format and the scripts that made them, none of which imports the program."""
