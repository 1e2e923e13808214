"""The developer's entry script on a bare machine, played with stand-ins for Python and apt-get."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PYTHON = """\
#!/bin/sh
echo "python $*" >>"$LOG"
case "$*" in
*version_info*) exit "${OLD:-0}" ;;
*ensurepip*) test -e "$STATE/python3-venv" ;;
"-m venv"*)
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    printf '#!/bin/sh\\necho "nftlint $*" >>"$LOG"\\n' >.venv/bin/nftlint
    chmod +x .venv/bin/nftlint ;;
esac
"""
APT_GET = """\
#!/bin/sh
echo "apt-get $*" >>"$LOG"
case "$*" in *install*) >"$STATE/python3-venv" ;; esac
"""
ID = '#!/bin/sh\necho "${MOCK_UID:-0}"\n'
SUDO = '#!/bin/sh\nexit "${NO_SUDO:-0}"\n'


@pytest.fixture
def bare(tmp_path):
    """A checkout on a machine with a Python that lacks venv, and nothing else."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("dev", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout)
    programs = {"python3": PYTHON, "apt-get": APT_GET, "id": ID, "sudo": SUDO}
    (tmp_path / "bin").mkdir()
    for name, text in programs.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)

    def dev(*arguments, **env):
        log = tmp_path / "log"
        log.write_text("")
        env = {
            "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
            "LOG": str(log),
            "STATE": str(tmp_path),
            **env,
        }
        command = [str(checkout / "dev"), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        return done, log.read_text().splitlines()

    dev.checkout = checkout
    return dev


def test_it_installs_what_a_bare_debian_lacks_and_sets_up_once(bare):
    done, calls = bare("example")
    assert done.returncode == 0, done.stderr
    assert [call for call in calls if call.startswith("apt-get")] == [
        "apt-get -q update",
        "apt-get -q install -y --no-install-recommends python3-venv",
    ]
    assert "python -m venv --clear .venv" in calls
    assert calls[-1] == "nftlint check --exit-zero examples/node-image"
    again = bare("example")[1]
    assert again == ["nftlint check --exit-zero examples/node-image"]


def test_it_sets_up_anew_when_the_dependencies_change(bare):
    bare("example")
    with (bare.checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    calls = bare("example")[1]
    assert any("pip install" in call for call in calls)
    assert not any("-m venv" in call for call in calls)


def test_tests_need_more_than_the_example(bare):
    bare("example")
    calls = bare("test", "-k", "sarif")[1]
    assert any(call.endswith("--editable .[dev]") for call in calls)
    assert calls[-1] == "python -m pytest --numprocesses auto --dist loadfile -k sarif"
    assert bare("example")[1] == ["nftlint check --exit-zero examples/node-image"]


def test_without_root_it_says_what_to_install(bare):
    done, calls = bare("example", MOCK_UID="1000", NO_SUDO="1")
    assert done.returncode == 2
    assert done.stderr == "dev: first run: sudo apt-get install python3-venv\n"
    assert not any(call.startswith("apt-get") for call in calls)


def test_without_a_python_it_says_so(bare):
    done, _ = bare("example", OLD="1", PYTHON="python3")
    assert done.returncode == 2
    assert "no Python 3.11 or later" in done.stderr


def test_an_unknown_command_is_refused_with_the_usage(bare):
    done, _ = bare("tset")
    assert done.returncode == 2
    assert "./dev test" in done.stderr


def test_it_names_no_registry():
    text = (ROOT / "dev").read_text() + (ROOT / ".ci" / "run").read_text()
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
@pytest.mark.parametrize("script", ["dev", ".ci/run", "action/entry.sh"])
def test_the_scripts_are_clean(script):
    done = subprocess.run(["shellcheck", script], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert os.access(ROOT / script, os.X_OK)
