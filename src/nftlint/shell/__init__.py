"""Shell as text: its grammar (``parse``), words as lenses, variables, and how to write commands."""
