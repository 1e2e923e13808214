"""The command line: every command with its options, said once (see ``surface``)."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from nftlint import __version__


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="nftlint",
        description="Finds raw nft rules that break kube-router's view of the firewall, "
        "and rewrites them to iptables.",
        epilog="Exit status: 0 clean, 1 findings, 2 usage or internal error.",
    )
    top.add_argument("--version", action="version", version=f"nftlint {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands)
    _add_translate(commands)
    _add_prove(commands)
    explain = commands.add_parser("explain", help="show a rule's page")
    explain.add_argument("topic", metavar="RULE", help="NFT101, its name, or an nft command")
    _add_nft_version(explain)
    commands.add_parser("rules", help="list all rules")
    _add_hosts(commands)
    init = commands.add_parser("init", help="write a commented nftlint.toml for this tree")
    init.add_argument("directory", nargs="?", default=".", help="default: this one")
    completion = commands.add_parser("completion", help="print the completion script of a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    return top


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - no public name


def _add_check(commands: Commands) -> None:
    check = commands.add_parser("check", help="lint files and directories, and fix them")
    add = check.add_argument
    add("paths", nargs="*", metavar="PATH", help="files, directories, or - for standard input")
    add("--fix", action="store_true", help="apply safe fixes")
    add("--unsafe-fixes", action="store_true", help="take unsafe fixes, too")
    add("--fix-only", action="store_true", help="apply fixes and do not report what is left")
    add("--interactive", action="store_true", help="show each fix, and ask whether to apply it")
    add("--show-fixes", action="store_true", help="list what was fixed, by file and rule")
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")
    add("--output-format", default="full", metavar="FORMAT", help="full, concise, json, sarif, …")
    outputs = "write the report to FILE; as FORMAT=FILE another one in that format (repeatable)"
    add("-o", "--output", action="append", default=[], metavar="[FORMAT=]FILE", help=outputs)
    add("--baseline", metavar="FILE", help="leave out the findings that are in FILE")
    add("--write-baseline", metavar="FILE", help="write all findings to FILE, and report none")
    add("--select", action="append", default=[], metavar="CODES", help="only these rules")
    add("--ignore", action="append", default=[], metavar="CODES", help="not these rules")
    add("--exclude", action="append", default=[], metavar="GLOB", help="leave these paths out")
    add("--no-ignore", action="store_true", help="lint what git ignores, too")
    add("--assume-tag", action="append", default=[], metavar="TAG", help="all hosts have this tag")
    add("--stdin-filename", metavar="NAME", help="what to take standard input for")
    add("--prove", action="store_true", help="ask this machine's kernel whether fixes are right")
    add("--jobs", type=int, default=0, metavar="N", help="processes; default: one a processor")
    add("--exit-zero", action="store_true", help="exit 0 with findings, too")
    add("--config", metavar="FILE", help="use this configuration alone")
    add("-q", "--quiet", action="store_true", help="print findings only, no summary")
    add("-v", "--verbose", action="store_true", help="list each file with its kind")


def _add_hosts(commands: Commands) -> None:
    hosts = commands.add_parser("hosts", help="show which files run on which hosts, and why")
    add = hosts.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and directories")
    add("--all", action="store_true", help="files that run no nft, too")
    add("--output-format", default="text", choices=("text", "json"), help="default: text")
    add("--exclude", action="append", default=[], metavar="GLOB", help="leave these paths out")
    add("--assume-tag", action="append", default=[], metavar="TAG", help="all hosts have this tag")
    add("--config", metavar="FILE", help="use this configuration alone")


def _add_translate(commands: Commands) -> None:
    translate = commands.add_parser("translate", help="say nft commands as iptables commands")
    add = translate.add_argument
    add("nft", nargs="*", metavar="NFT COMMAND", help="default: one a line on standard input")
    add("--output-format", default="text", choices=("text", "json-lines"), help="default: text")
    _add_nft_version(translate)
    ipset = "take a named set to be kept as the ipset of that name (unsafe: someone has to keep it)"
    translate.add_argument("--ipset", action="store_true", help=ipset)


def _add_prove(commands: Commands) -> None:
    prove = commands.add_parser("prove", help="hold translations against this machine's kernel")
    add = prove.add_argument
    add("nft", nargs="*", metavar="NFT COMMAND", help="default: one a line on standard input")
    add("--output-format", default="text", choices=("text", "json-lines"), help="default: text")


def _add_nft_version(command: argparse.ArgumentParser) -> None:
    known = "the nft that adds the rule (1.0.6); from 1.1.2 on it writes ranges in another way"
    command.add_argument("--nft-version", default="1.0.6", metavar="VERSION", help=known)
