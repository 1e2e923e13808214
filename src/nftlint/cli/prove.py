"""``nftlint prove``: translations held against this machine's kernel."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from nftlint.cli import CLEAN, FINDINGS, complain
from nftlint.cli.translate import input_lines, say
from nftlint.proofs import Proof, describe, prove_commands
from nftlint.prove import available


def run(options: argparse.Namespace) -> int:
    """Prove each command's translation; exit status 1 if one is not proved equal."""
    reason = available()
    if reason is not None:
        return complain(f"nothing can be proved here: {reason}")
    proofs = prove_commands(options.nft or list(input_lines()))
    for proof in proofs:
        say(_text(proof) if options.output_format == "text" else (_json(proof),))
    return CLEAN if all(proof.verdict.outcome == "equal" for proof in proofs) else FINDINGS


def _text(proof: Proof) -> Iterator[str]:
    yield proof.nft
    yield from (f"  {command}" for command in proof.iptables)
    yield f"  {describe(proof.verdict)}"


def _json(proof: Proof) -> str:
    verdict = proof.verdict
    record = {
        "input": proof.nft,
        "iptables": proof.iptables,
        "outcome": verdict.outcome,
        "method": verdict.method,
        "detail": verdict.detail,
        "hits": verdict.hits,
        "misses": verdict.misses,
    }
    return json.dumps(record)
