"""Programs that run another program: where the command stands in their arguments.

This is a table; what it means is in ``unwrap``. Sources: the manual pages of each program
(util-linux, coreutils, sudo, doas, systemd, iproute2, docker, kubectl, openssh, bash).
"""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.commands.options import Syntax
from nftlint.record import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Wrapper:
    """How a program takes its command.

    ``syntax``: its options that take a value. ``operands``: how many operands precede the
    command. ``assignments``: ``NAME=value`` words may precede it. ``script_options``: options whose
    value is a shell script. ``joined``: the words are joined with blanks and read by a shell.
    ``script_operand``: the first operand is a shell script (``trap``).
    ``elsewhere``: which other host or network namespace it runs in, empty for none.
    ``unless``: options (``--name`` or ``--name=value``) with which it runs in this one after all;
    where ``only_if`` is not empty it runs elsewhere just with one of those options.
    ``nothing``: options with which no command is run. ``caveat``: why a new command may fail.
    ``flags``: where set, the options that take *no* value, all others do (docker's way).
    """

    syntax: Syntax = field(default_factory=Syntax)
    operands: int = 0
    assignments: bool = False
    script_options: frozenset[str] = frozenset()
    joined: bool = False
    script_operand: bool = False
    elsewhere: str = ""
    unless: frozenset[str] = frozenset()
    only_if: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    caveat: str = ""
    flags: frozenset[str] = frozenset()
    subcommands: Mapping[str, Wrapper] = field(default_factory=dict)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _syntax(short: str = "", long: str = "", *, permute: bool = False) -> Syntax:
    return Syntax(short, _names(long), permute)


PLAIN = Wrapper()
_CONTAINER = "a container's network namespace"
_NAMESPACE = "another network namespace"
ANOTHER_HOST = "another host"
_INSTALLER = "the installer's own system"
_IMAGE = "The command runs in a container image, which may hold no iptables."
_HOST_NETWORK = _names("--net=host --network=host")

_DOCKER_FLAGS = _names(
    "-d --detach -i --interactive -t --tty --rm --privileged --init --read-only -P --publish-all "
    "--no-healthcheck --oom-kill-disable --sig-proxy -q --quiet --disable-content-trust --tls "
    "--tlsverify -D --debug --replace --systemd --no-hosts"
)
_DOCKER = Wrapper(
    flags=_DOCKER_FLAGS,
    subcommands={
        "run": Wrapper(
            operands=1,
            flags=_DOCKER_FLAGS,
            elsewhere=_CONTAINER,
            unless=_HOST_NETWORK,
            caveat=_IMAGE,
        ),
        "exec": Wrapper(operands=1, flags=_DOCKER_FLAGS, elsewhere=_CONTAINER),
    },
)
_KUBE_SYNTAX = _syntax(
    "ncfslv",
    "namespace container context kubeconfig cluster user server token as filename image "
    "pod-running-timeout profile target copy-to",
)
_KUBE_EXEC = replace(_KUBE_SYNTAX, permute=True)
_KUBECTL = Wrapper(
    _KUBE_SYNTAX,
    subcommands={
        "exec": Wrapper(_KUBE_EXEC, operands=1, elsewhere=_CONTAINER),
        "rsh": Wrapper(_KUBE_EXEC, operands=1, elsewhere=_CONTAINER),
        "debug": Wrapper(_KUBE_EXEC, operands=1, elsewhere=ANOTHER_HOST),
    },
)
_SSH = Wrapper(_syntax("BbcDEeFIiJLlmOopQRSWw"), operands=1, joined=True, elsewhere=ANOTHER_HOST)
_SYSTEMD_RUN = Wrapper(
    _syntax(
        "HMptuE",
        "host machine unit property description slice uid gid nice working-directory setenv "
        "service-type on-active on-boot on-startup on-unit-active on-unit-inactive on-calendar "
        "timer-property path-property socket-property",
    ),
    elsewhere=ANOTHER_HOST,
    only_if=_names("-H --host -M --machine"),
)
_SUDO = Wrapper(
    _syntax(
        "aCcDghpRrTtUu",
        "auth-type close-from login-class chdir group host prompt chroot role command-timeout type "
        "other-user user",
    ),
    assignments=True,
    nothing=_names("-l --list -v --validate -e --edit -V --version -K --remove-timestamp"),
)
_SU = Wrapper(
    _syntax("cgGswT", "command session-command group supp-group shell", permute=True),
    script_options=_names("-c --command --session-command"),
)

WRAPPERS: Mapping[str, Wrapper] = {
    "builtin": PLAIN,
    "busybox": PLAIN,
    "caffeinate": PLAIN,
    "cgexec": Wrapper(_syntax("g")),
    "chpst": Wrapper(_syntax("uUbefmdopcrtl/")),
    "chroot": Wrapper(_syntax("", ""), operands=1),
    "chrt": Wrapper(_syntax("TPD"), operands=1),
    "cloud-init-per": Wrapper(operands=2),
    "command": Wrapper(nothing=_names("-v -V")),
    "curtin": Wrapper(
        subcommands={"in-target": Wrapper(_syntax("t", "target"), elsewhere=_INSTALLER)}
    ),
    "dbus-run-session": PLAIN,
    "doas": Wrapper(_syntax("aCu"), nothing=_names("-L -s")),
    "docker": _DOCKER,
    "env": Wrapper(
        _syntax("uCaS", "unset chdir argv0"),
        assignments=True,
        script_options=_names("-S --split-string"),
    ),
    "eval": Wrapper(joined=True),
    "exec": Wrapper(_syntax("a")),
    "fakeroot": Wrapper(_syntax("lfsib")),
    "flock": Wrapper(
        _syntax("wE", "timeout wait conflict-exit-code"),
        operands=1,
        script_options=_names("-c --command"),
    ),
    "gosu": Wrapper(operands=1),
    "incus": Wrapper(subcommands={"exec": Wrapper(operands=1, elsewhere=_CONTAINER)}),
    "ionice": Wrapper(_syntax("cnpPu", "class classdata")),
    "ip": Wrapper(
        _syntax("fnlrN", "family netns"),
        subcommands={
            "netns": Wrapper(subcommands={"exec": Wrapper(operands=1, elsewhere=_NAMESPACE)}),
            "vrf": Wrapper(subcommands={"exec": Wrapper(operands=1)}),
        },
    ),
    "kubectl": _KUBECTL,
    "ltrace": Wrapper(_syntax("aAeDFlnoOpsuwxX")),
    "lxc": Wrapper(subcommands={"exec": Wrapper(operands=1, elsewhere=_CONTAINER)}),
    "lxc-attach": Wrapper(_syntax("nPfvusaLRog", "name"), elsewhere=_CONTAINER),
    "machinectl": Wrapper(
        _syntax("MHE"), subcommands={"shell": Wrapper(operands=1, elsewhere=_CONTAINER)}
    ),
    "nerdctl": _DOCKER,
    "nice": Wrapper(_syntax("n", "adjustment")),
    "nocache": PLAIN,
    "nohup": PLAIN,
    "noglob": PLAIN,
    "numactl": Wrapper(_syntax("imNCpP", "interleave membind cpunodebind physcpubind preferred")),
    "oc": _KUBECTL,
    "pkexec": Wrapper(_syntax("", "user")),
    "podman": _DOCKER,
    "proxychains": Wrapper(_syntax("f")),
    "qvm-run": Wrapper(
        _syntax("u", "user", permute=False), operands=1, joined=True, elsewhere=ANOTHER_HOST
    ),
    "runuser": Wrapper(
        _syntax("ucgGsw", "user command session-command group supp-group shell"),
        script_options=_names("-c --command --session-command"),
    ),
    "script": Wrapper(
        _syntax("cIOBTmEo", "command", permute=True), script_options=_names("-c --command")
    ),
    "setarch": PLAIN,
    "setpriv": Wrapper(
        _syntax(
            "",
            "ambient-caps inh-caps bounding-set ruid euid rgid egid reuid regid groups securebits "
            "pdeathsig selinux-label apparmor-profile",
        )
    ),
    "setsid": PLAIN,
    "softlimit": Wrapper(_syntax("acdfloprst")),
    "ssh": _SSH,
    "sshpass": Wrapper(_syntax("fdpP")),
    "stdbuf": Wrapper(_syntax("ioe", "input output error")),
    "strace": Wrapper(_syntax("abeEIoOpPsSuUX")),
    "su": _SU,
    "su-exec": Wrapper(operands=1),
    "sudo": _SUDO,
    "systemd-inhibit": Wrapper(_syntax("", "what who why mode")),
    "systemd-nspawn": Wrapper(_syntax("DMiubE"), elsewhere=_CONTAINER),
    "systemd-run": _SYSTEMD_RUN,
    "taskset": Wrapper(_syntax(""), operands=1),
    "time": Wrapper(_syntax("fo", "format output")),
    "timeout": Wrapper(_syntax("ks", "kill-after signal"), operands=1),
    "toybox": PLAIN,
    "trap": Wrapper(script_operand=True, nothing=_names("-l -p -P")),
    "unbuffer": PLAIN,
    "unshare": Wrapper(
        _syntax("RwSGl", "root wd setuid setgid map-user map-group"),
        elsewhere=_NAMESPACE,
        only_if=_names("-n --net"),
    ),
    "vagrant": Wrapper(
        subcommands={
            "ssh": Wrapper(
                _syntax("c", "command", permute=True),
                script_options=_names("-c --command"),
                elsewhere=ANOTHER_HOST,
            )
        }
    ),
    "watch": Wrapper(_syntax("nq", "interval equexit"), joined=True),
    "xargs": Wrapper(
        _syntax(
            "IEdLnPsaJR",
            "replace arg-file delimiter max-lines max-args max-procs max-chars process-slot-var",
        ),
    ),
}

SHELLS = _names("sh bash dash ash ksh mksh zsh yash rbash")

STARTS_SHELL = _names("su sudo runuser doas chroot nsenter")
"""Programs that start a shell where no command is given: it reads standard input."""

SILENT = _names(
    "echo printf print cat grep egrep fgrep rg sed awk which type hash whereis man apt apt-get dnf "
    "yum apk pacman zypper brew snap pip dpkg rpm logger test [ [[ let unset export local declare "
    "readonly typeset alias unalias return exit kill killall pkill pgrep pidof systemctl service "
    "rc-update update-alternatives update-rc.d ls rm cp mv ln mkdir install touch chmod chown stat "
    "file find set shift read for case select function help info compgen complete basename dirname "
    "whatis apropos dialog whiptail tput figlet basename printenv expr seq date ps diff "
    "cut sort uniq wc head tail tr column xxd od less more vi vim nano"
)
"""Programs that do not run their arguments; any other name before ``nft VERB`` may."""
