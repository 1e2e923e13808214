"""One module for each output format, each with a function `write`."""
