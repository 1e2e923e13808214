"""Put texts together at random, and see that nothing is found in those that are said to be idle.

    python scripts/idle_agreement.py --texts 100000 [--seed 1]

The pieces are what idleness is told by, and what it must not be deceived by. Each text that passes
the prefilter and is idle is read whole, as on a host with kube-router. Exit status 1 if there is a
finding in one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from sieve_agreement import findings

from nftlint.needles import may_matter
from nftlint.sieve.idle import is_idle

FILES = {
    "a.sh": "#!/bin/sh\n",
    "tasks/a.yml": "- hosts: all\n  tasks:\n",
    "Dockerfile": "FROM x\n",
    "a.service": "[Service]\nExecStart=",
    "user-data": "#cloud-config\nruncmd:\n",
    "a.sh.j2": "",
    "k.yaml": "",
}
PIECES = (
    *("# ", "#", "#!", "\n", "\n", "\n", " ", " ", "\\\n", "\\", "\r", "`", "$(", ")", "'", '"'),
    *("; ", " && ", " | ", "- ", "x: ", "x", "RUN ", "CMD ", "sudo ", "sh -c ", "eval ", "echo "),
    *("printf '", "if ", "then ", "fi", "done", "while read x; do ", "EOF\n", "cat <<EOF | sh\n"),
    *("cat <<'EOF' > x.sh\n", "for i in iptables-legacy nftables; do ", "- shell: "),
    *("nft add rule ip filter INPUT accept", "$NFT add rule ip filter INPUT accept", "nftMode"),
    *("{{ nft_x }} add rule ip filter INPUT accept", "$nftMode", "nftables", "nftables"),
    *("iptables", "iptables", "iptables -F", " -F", " -X", "$IPT -F", "IPT=iptables"),
    *("iptables-restore < x", "iptables-save", "-save > /etc/iptables/rules.v4"),
    *("iptables-legacy", "iptables-legacy -A INPUT -j ACCEPT", "$i -A INPUT -j ACCEPT"),
    *("systemctl restart ", "service iptables restart", "    state: restarted\n"),
    *("- systemd:\n    name: ", "- apt:\n    name: nftables\n    state: present\n"),
    *("apt-get install ", "apk add ", "awk ", "grep x", "ln -s a b", "curl -X POST "),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    idle = lost = 0
    for name, text in idle_texts(options.texts, options.seed):
        idle += 1
        for rule in found(name, text):
            lost += 1
            print(f"{name}: {rule} in {text!r}")
    print(f"{options.texts} texts, {idle} idle, {lost} findings lost")
    return 1 if lost else 0


def idle_texts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield those of so many texts that pass and are idle, each with the name of its file."""
    rng = random.Random(seed)
    for _ in range(count):
        name = rng.choice(list(FILES))
        text = FILES[name] + "".join(rng.choices(PIECES, k=rng.randint(2, 14)))
        if may_matter(text.encode()) and is_idle(name, text.encode()):
            yield name, text


def found(name: str, text: str) -> list[str]:
    """Return the rules that a text breaks."""
    rules = findings(Path(f"/nowhere/{name}"), text.encode())
    return [rule for rule in rules if rule.startswith("NFT")]


if __name__ == "__main__":
    sys.exit(main())
