"""One module for each family of expressions, with a page in ``rules/translations`` beside it.

A module has ``TESTS``, from what a match looks at to the function that translates it, or
``STATEMENTS``, from a type of statement to its function, or ``FINISH``, a function that looks over
the options of one iptables rule. ``registry`` finds them.
"""
