"""From paths to the files that may matter: the way that every file of every tree goes.

All that a clean run does happens in this package and in ``needles``, and what they import costs no
more than reading a few files: no ``pathlib``, ``re`` (but where a file asks for it), ``typing`` or
``dataclasses``, which is why the classes here are plain ones. Names stay strings until a file
matters.
"""
