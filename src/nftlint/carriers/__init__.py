"""Carriers: one module per format. A carrier reads fragments of its languages.

Each module of this package may define

``LANGUAGES: dict[str, Callable[[Fragment], Iterable[Found]]]``
    a reader for each language it knows; nested fragments that a reader yields are read in turn;
``matches(path: PurePosixPath, head: str) -> str | None``
    the language of a file, by content before name, or ``None``; ``head`` is the file's first
    4096 characters;
``outline(fragment: Fragment) -> list[str]``
    every value of the text in order, by which a fix proves that it changed no other;
``OUTLINES: frozenset[str]``
    the languages that ``outline`` serves.

``ORDER: int`` decides who is asked first where several could match (lower first, default 50).
"""

YAML_ENDINGS = (".yml", ".yaml")
"""How the names of files end that several carriers may be asked of."""
