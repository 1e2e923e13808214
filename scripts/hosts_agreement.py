"""Hold nftlint's inventories and host patterns against ansible-core's own.

    python scripts/hosts_agreement.py --patterns 2000 --seed 1
    python scripts/hosts_agreement.py --settings 50 --seed 1
    python scripts/hosts_agreement.py --variables 50 --seed 1
    python scripts/hosts_agreement.py --inventory PATH [PATH …]

Inventories and patterns are generated, written to a temporary directory, and read by
``ansible-inventory --list`` and ``ansible-playbook --list-hosts`` as processes (ansible-core is
never imported), as well as by nftlint. With ``--inventory`` files or directories are compared
instead: groups, their hosts and children. With ``--settings`` projects are generated whose
inventories, one to three files or directories, are named by ``ansible.cfg`` alone. With
``--variables`` projects are generated in which groups at several depths, some with a priority, and
hosts set the same variables, in the inventory, beside it and beside playbooks: compared is which
value counts for each host. Exit status 1 if the two differ anywhere. ``--ansible DIR`` is where the
programs of ansible-core are, if not on the path.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.hosts.patterns import Unknown, select
from nftlint.hosts.sources import IGNORED, read_world, worlds
from nftlint.hosts.variables import effective
from nftlint.hosts.world import World

NAMES = ("web", "db", "edge", "Node", "k3s_cluster", "server", "agent", "stage", "prod-eu", "x.y")
HOSTS = ("a", "b", "web", "n1", "n2.example.org", "DB", "10.0.0.1", "cp-1", "w_2")
RANGES = ("n[1:3]", "n[01:05:2]", "x[a:d]", "w[1:2].r[a:b].org", "p[0:1]", "q[08:11]")


def inventory_text(rng: random.Random) -> tuple[str, str]:
    """Return the text of an inventory, and the file name that its format takes."""
    groups = rng.sample(NAMES, rng.randint(1, 6))
    hosts = {group: _hosts(rng) for group in groups}
    children = {  # of a later group only, so that there is no circle; two levels at most
        group: rng.sample(groups[at + 1 :], rng.randint(0, len(groups) - at - 1))
        for at, group in enumerate(groups)
        if at == 0
    }
    if rng.random() < 0.5:
        return _ini(rng, groups, hosts, children), "hosts.ini"
    return _yaml(rng, groups, hosts, children), "hosts.yml"


def _hosts(rng: random.Random) -> list[str]:
    words = rng.sample(HOSTS + RANGES, rng.randint(0, 4))
    return [f"{word}:22" if rng.random() < 0.1 else word for word in words]


def _ini(
    rng: random.Random,
    groups: list[str],
    hosts: dict[str, list[str]],
    children: dict[str, list[str]],
) -> str:
    blocks = []
    for group in groups:
        lines = [f"{host} ansible_user=root # who" for host in hosts[group]]
        blocks.append("\n".join([f"[{group}]", *lines]))
        if children.get(group):
            blocks.append("\n".join([f"[{group}:children]", *children[group]]))
    rng.shuffle(blocks)
    loose = "".join(f"{host}\n" for host in rng.sample(HOSTS, rng.randint(0, 2)))
    return f"; generated\n{loose}\n" + "\n\n".join(blocks) + "\n"


def _yaml(
    rng: random.Random,
    groups: list[str],
    hosts: dict[str, list[str]],
    children: dict[str, list[str]],
) -> str:
    tree: dict[str, object] = {}
    for group in groups:
        body: dict[str, object] = {"hosts": {host: {"port": 1} for host in hosts[group]}}
        if children.get(group):
            body["children"] = dict.fromkeys(children[group])
        tree[group] = body
    if rng.random() < 0.3:
        tree = {"all": {"hosts": {"loose": None}, "children": tree}}
    return json.dumps(tree, indent=1)  # JSON is YAML


def pattern(rng: random.Random) -> str:
    """Return a host pattern of one to four terms."""
    terms = [_term(rng)]
    terms += [rng.choice(("", "", "&", "!")) + _term(rng) for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.1:
        rng.shuffle(terms)
    return rng.choice((":", ",", ", ")).join(terms)


def _term(rng: random.Random) -> str:
    name = rng.choice(NAMES + HOSTS + ("all", "ungrouped", "nobody", "WEB", "localhost", "n3"))
    kind = rng.random()
    if kind < 0.5:
        return name
    if kind < 0.65:
        return rng.choice((f"{name[:1]}*", f"*{name[-1:]}", "*", "n?", "[wn]*", "*.org", "[!n]*"))
    if kind < 0.8:
        return rng.choice((f"~{name[:2]}", r"~n\d$", r"~(web|db)", r"~.*\.org", "~^N"))
    if name == "all":  # ansible-core takes the hosts of groups below groups in no fixed order
        return name
    return name + rng.choice(("[0]", "[-1]", "[0:1]", "[1:]", "[0:0]", "[0:5]", "[1:0]", "[2-3]"))


def program(name: str, directory: str | None) -> str:
    """Return the path of one of ansible-core's programs; ends the script where there is none."""
    found = shutil.which(name, path=directory)
    if found is None:
        sys.exit(f"{name} is not installed")
    return found


def run(command: list[str], cwd: Path) -> tuple[str, str]:
    """Run a program of ansible-core with no configuration but that of the directory."""
    settings = cwd / "ansible.cfg"
    settings.touch()
    environment = dict(
        os.environ,
        ANSIBLE_CONFIG=str(settings),
        ANSIBLE_LOCALHOST_WARNING="0",
        ANSIBLE_NOCOLOR="1",
        ANSIBLE_HOME=str(cwd / ".ansible"),
        LC_ALL="C.UTF-8",
    )
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr


def ours(path: Path) -> World:
    """Return nftlint's reading of an inventory file or directory."""
    every = sorted(path.rglob("*")) if path.is_dir() else [path]
    if not path.is_dir():
        every += [
            item for kind in ("group_vars", "host_vars") for item in (path.parent / kind).rglob("*")
        ]
    texts = {}
    for item in every:
        if item.is_file():
            try:
                texts[item] = Artifact(str(item), decode(item.read_bytes()))
            except UnreadableTextError:
                continue
    inside = [
        item
        for item in texts
        if item == path
        or (path.is_dir() and not any(IGNORED.match(part) for part in item.relative_to(path).parts))
    ]
    return read_world(path, inside, texts)


Listed = dict[str, tuple[list[str], list[str]]]


def theirs(path: Path, directory: str | None) -> Listed | str:
    """Return each group's own hosts and children as ansible-core has them, or its complaint."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [program("ansible-inventory", directory), "-i", str(path), "--list"]
        return listed(*run(command, Path(scratch)))


def listed(out: str, complaint: str) -> Listed | str:
    """Return what ``ansible-inventory --list`` printed."""
    try:
        groups = json.loads(out)
    except ValueError:
        return complaint.strip().splitlines()[-1] if complaint.strip() else "no output"
    return {
        group: (body.get("hosts", []), body.get("children", []))
        for group, body in groups.items()
        if group != "_meta"
    }


def differences(world: World, listed: Listed) -> list[str]:
    """Return the groups that the two read in different ways; empty groups say nothing."""
    found = []
    for name in {*world.groups, *listed}:
        group = world.groups.get(name)
        mine = (set(group.hosts), set(group.children)) if group else (set(), set())
        hosts, children = listed.get(name, ([], []))
        empty = {child for child in mine[1] if not world.members(child)}
        if name == "all":  # whose own hosts are listed as ungrouped
            mine = (set(), mine[1])
        if mine[0] != set(hosts) or mine[1] - empty != set(children) - empty:
            found.append(f"{name}: nftlint {mine}, ansible {hosts} {children}")
    return found


def listed_hosts(path: Path, patterns: list[str], directory: str | None) -> Iterator[set[str]]:
    """Yield the hosts of each pattern as ``ansible-playbook --list-hosts`` lists them."""
    plays = [{"hosts": pattern, "gather_facts": False, "tasks": []} for pattern in patterns]
    book = path.parent / "book.yml"
    book.write_text(json.dumps(plays), "utf-8")
    command = [program("ansible-playbook", directory), "-i", str(path), str(book), "--list-hosts"]
    out, complaint = run(command, path.parent)
    blocks = re.split(r"(?m)^  play #\d+ .*$", out)[1:]
    if len(blocks) != len(patterns):
        raise RuntimeError(complaint)
    for block in blocks:
        _, _, names = block.partition("hosts (")
        yield {line.strip() for line in names.splitlines()[1:] if line.strip()}


def compare_patterns(count: int, seed: int, directory: str | None) -> int:
    """Generate patterns, twenty an inventory; print and count those that are read in two ways."""
    rng = random.Random(seed)
    done = wrong = refused = inventories = 0
    while done < count:
        text, name = inventory_text(rng)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / name
            path.write_text(text, "utf-8")
            world = ours(path)
            read = theirs(path, directory)
            bad = differences(world, read) if isinstance(read, dict) else [read]
            patterns = [pattern(rng) for _ in range(100)]
            mine = {item: select(item, world) for item in patterns}
            # a pattern that cannot be evaluated ends ansible's whole run, so it is asked alone
            asked = [item for item in patterns if not isinstance(mine[item], Unknown)]
            for item, hosts in zip(asked, listed_hosts(path, asked, directory), strict=True):
                if set(mine[item]) != hosts:
                    bad.append(f"{item}: nftlint {sorted(mine[item])}, ansible {sorted(hosts)}")
            for item in [item for item in patterns if isinstance(mine[item], Unknown)][:2]:
                refused += 1
                try:
                    hosts = next(listed_hosts(path, [item], directory))
                    bad.append(f"{item}: nftlint {mine[item]}, ansible {hosts}")
                except RuntimeError:
                    done += 1
        inventories += 1
        done += len(asked)
        wrong += len(bad)
        for line in bad:
            print(f"--- {name}\n{text}\n{line}")
    print(
        f"{done} patterns over {inventories} inventories ({refused} refused by both), "
        f"{wrong} differ"
    )
    return wrong


def compare_inventories(paths: list[Path], directory: str | None) -> int:
    """Print for each inventory whether both read the same groups; returns how many differ."""
    wrong = 0
    for path in paths:
        world = ours(path.absolute())
        read = theirs(path.absolute(), directory)
        bad = [read] if isinstance(read, str) else differences(world, read)
        wrong += bool(bad)
        state = "differs" if bad else "same"
        known = f"{len(world.hosts)} hosts, {len(world.groups)} groups"
        print(
            f"{state}: {path}: {known}, {len(world.problems)} problems, "
            f"{len(world.unknown)} unknown"
        )
        for line in [*bad, *(f"problem: {note.message}" for note in world.problems)]:
            print(f"    {line}")
    return wrong


def compare_settings(count: int, seed: int, directory: str | None) -> int:
    """Generate projects with an ``ansible.cfg``; print and count those read in two ways."""
    rng = random.Random(seed)
    wrong = sources = 0
    for _ in range(count):
        with tempfile.TemporaryDirectory() as scratch:
            top = Path(scratch)
            names = _sources(rng, top)
            sources += len(names)
            blank = rng.choice(("", " "))
            setting = f"inventory{blank}={blank}{f',{blank}'.join(names)}"
            other = rng.choice(("", "# inventory = none\n", "retry_files_enabled = False\n"))
            text = f"[defaults]\n{other}{setting}\n[ssh_connection]\ninventory = no\n"
            (top / "ansible.cfg").write_text(text, "utf-8")
            texts = {
                path: Artifact(str(path), decode(path.read_bytes()))
                for path in top.rglob("*")
                if path.is_file()
            }
            world = worlds(texts)[top / "ansible.cfg"]
            read = listed(*run([program("ansible-inventory", directory), "--list"], top))
        bad = [read] if isinstance(read, str) else differences(world, read)
        wrong += bool(bad)
        if bad:
            print(f"--- {text}", *(f"{path}\n{text.text}" for path, text in texts.items()), *bad)
    print(f"{count} projects with {sources} inventories in ansible.cfg, {wrong} differ")
    return wrong


def _sources(rng: random.Random, top: Path) -> list[str]:
    """Write one to three inventories, each a file or a directory, and return their names."""
    names = rng.sample(("machines", "etc/all", "inv/prod", "./more", "x/../y"), rng.randint(1, 3))
    for name in names:
        text, file = inventory_text(rng)
        path = top / name
        if rng.random() < 0.4:
            (top / "x").mkdir(exist_ok=True)
            path.mkdir(parents=True)
            (path / file).write_text(text, "utf-8")
            (path / "README.md").write_text("[none]\nno\n", "utf-8")
        else:
            (top / "x").mkdir(exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return names


VARIABLES = ("one", "two", "three")


def compare_variables(count: int, seed: int, directory: str | None) -> int:
    """Generate projects with variables; print and count the values that are read in two ways."""
    rng = random.Random(seed)
    wrong = values = 0
    for _ in range(count):
        with tempfile.TemporaryDirectory() as scratch:
            top = Path(scratch)
            for path, text in _project(rng):
                (top / path).parent.mkdir(parents=True, exist_ok=True)
                (top / path).write_text(text, "utf-8")
            files = [path for path in top.rglob("*") if path.is_file()]
            texts = {path: Artifact(str(path), decode(path.read_bytes())) for path in files}
            inventory = next(path for path in files if path.parent == top / "inventory")
            world = read_world(inventory, [inventory], texts)
            book = top / "playbooks"
            command = [program("ansible-inventory", directory), "-i", str(inventory), "--list"]
            out, complaint = run([*command, "--playbook-dir", str(book)], top)
        try:
            read = json.loads(out)["_meta"]["hostvars"]
        except ValueError:
            raise RuntimeError(complaint) from None
        mine = effective(world, frozenset(VARIABLES))
        bad = []
        for host in world.hosts:
            for name in VARIABLES:
                known = mine.get(host, {}).get(name)
                told = known.variable.value if known is not None else None
                values += told is not None
                if told != read.get(host, {}).get(name):
                    bad.append(f"{host}.{name}: nftlint {told}, ansible {read.get(host)}")
        wrong += len(bad)
        if bad:
            print("---", *(f"{path}\n{text.text}" for path, text in texts.items()), *bad, sep="\n")
    print(f"{count} projects, {values} values that count for a host, {wrong} differ")
    return wrong


def _project(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the files of a project: groups below groups, and variables wherever they may be."""
    groups = rng.sample(("web", "db", "edge", "k3s", "stage", "prod", "Zone", "x_y"), 6)
    hosts = ("a", "b", "c")
    tree = {
        group: rng.sample(groups[at + 1 :], rng.randint(0, 2))
        for at, group in enumerate(groups[:-2])
    }
    lines = []
    for group in groups:
        lines += [f"[{group}]", *rng.sample(hosts, rng.randint(0, 2))]
        lines += [f"[{group}:children]", *tree.get(group, ())]
        lines += [f"[{group}:vars]", *(f"{line}" for line in _settings(rng, "=", group))]
    lines += ["[all]", *(f"{host} {' '.join(_settings(rng, '=', host))}" for host in hosts)]
    lines += ["[all:vars]", *_settings(rng, "=", "all")]
    yield "inventory/hosts", "\n".join(line for line in lines if line) + "\n"
    yield "playbooks/site.yml", "- hosts: all\n"
    for folder in ("inventory", "playbooks"):
        for name in ("all", *groups, *hosts):
            kind = "host_vars" if name in hosts else "group_vars"
            text = "\n".join(_settings(rng, ": ", f"{folder}-{name}"))
            if text and rng.random() < 0.4:
                yield f"{folder}/{kind}/{name}.yml", text + "\n"


def _settings(rng: random.Random, equals: str, owner: str) -> list[str]:
    """Return lines that set some of the variables, and sometimes a priority."""
    chosen = rng.sample(VARIABLES, rng.choice((0, 0, 1, 2)))
    # files without a word of evidence are not read for their values
    lines = [f"{name}{equals}kube-router-of-{owner}" for name in chosen]
    priority = [f"ansible_group_priority{equals}{rng.randint(1, 12)}"]
    return lines + (priority if rng.random() < 0.2 else [])


def main() -> int:
    """Compare what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--patterns", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settings", type=int, default=0)
    parser.add_argument("--variables", type=int, default=0)
    parser.add_argument("--ansible", metavar="DIR")
    parser.add_argument("--inventory", nargs="+", type=Path, default=[])
    options = parser.parse_args()
    if options.inventory:
        return int(compare_inventories(options.inventory, options.ansible) > 0)
    if options.settings:
        return int(compare_settings(options.settings, options.seed, options.ansible) > 0)
    if options.variables:
        return int(compare_variables(options.variables, options.seed, options.ansible) > 0)
    return int(compare_patterns(options.patterns, options.seed, options.ansible) > 0)


if __name__ == "__main__":
    sys.exit(main())
