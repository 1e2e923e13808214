"""One module for each family of expressions, with a page in ``rules/translations`` beside it.

A module has ``TESTS``, from what a match looks at to the function that translates it, ``ASSIGNS``,
from what is set to its function, ``STATEMENTS``, from a type of other statement to its function,
``REASONS``, why there is no translation, or ``FINISH``, a function that looks over the options of
one iptables rule. ``registry`` finds them.
"""
