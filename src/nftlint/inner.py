"""Which line of an encoded payload something stands in, where the file has only the payload."""

from __future__ import annotations

from nftlint.artifact import Artifact
from nftlint.fragment import Fragment, to_parent
from nftlint.span import Span


def inner_line(fragment: Fragment, span: Span, artifact: Artifact) -> str:
    """Return ``line 3 of write_files[0].content`` (1-based), empty where nothing is encoded.

    In a payload within another it is the line of the inner one.
    """
    here: Fragment | None = fragment
    while here is not None:
        if here.recode is not None:
            line = here.text.count("\n", 0, span.start) + 1
            return f"line {line} of {here.label or here.path or 'the decoded text'}"
        span, here = to_parent(here, span), here.parent
    if not artifact.header:
        return ""
    return f"line {artifact.text.count(chr(10), 0, span.start) + 1} of the unpacked text"
