"""What each instruction of a Dockerfile runs, copies or declares."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.context import Context
from nftlint.docker.copies import language_of, read_copy
from nftlint.docker.heredoc import operator
from nftlint.docker.instructions import KNOWN, Dockerfile, Instruction, flat, split_kind
from nftlint.docker.stage import Scene, Stage, after, name_of
from nftlint.docker.texts import command_line, heredoc_text
from nftlint.docker.words import MalformedError, pairs_of
from nftlint.found import Directive, Found, Problem
from nftlint.fragment import Fragment
from nftlint.record import replace
from nftlint.span import Span

EXEC = "dockerfile-exec"
"""The language of an exec form: a JSON list of words."""

_LABEL = "nftlint."


def read_instructions(source: Fragment, parsed: Dockerfile) -> Iterator[Found]:
    """Yield what the instructions carry, then what could not be read."""
    stage = Stage(parsed.escape)
    stages: dict[str, Stage] = {}
    current: list[str] = []
    count = 0
    for instruction in parsed.instructions:
        if instruction.name == "FROM":
            current = [name for name in (name_of(instruction), str(count)) if name]
            count += 1
        yield from _read(source, instruction, stage)
        stage = after(stage, stages, instruction)
        stages.update(dict.fromkeys(current, stage))
    yield from (Problem(source, fault.span, fault.message) for fault in parsed.faults)
    yield from _unknown(source, parsed)


def _unknown(source: Fragment, parsed: Dockerfile) -> Iterator[Problem]:
    """Report the first unknown instruction: what follows it is mostly its echo."""
    for instruction in flat(parsed):
        if instruction.name and instruction.name not in KNOWN:
            word = instruction.keyword.of(instruction.line.text)
            yield Problem(source, instruction.place, f"{word!r} is no Dockerfile instruction")
            return


def _read(source: Fragment, instruction: Instruction, stage: Stage) -> Iterator[Found]:
    trigger = instruction.trigger
    if trigger is not None:
        # A trigger runs in another image's build, whose variables are not known here.
        later = Stage(stage.escape, stage.language)
        yield from _dispatch(Scene(source, trigger, later, f"ONBUILD {trigger.name}"))
    else:
        yield from _dispatch(Scene(source, instruction, stage, instruction.name))


def _dispatch(scene: Scene) -> Iterator[Found]:
    instruction = scene.instruction
    match instruction.name:
        case "RUN":
            yield _run(scene)
        case "CMD" | "ENTRYPOINT":
            yield _command(scene, instruction.args, Context())
        case "HEALTHCHECK":
            kind, start = split_kind(instruction.text)
            if kind.upper() == "CMD":
                args = Span(instruction.args.start + start, instruction.args.end)
                yield _command(scene, args, Context())
        case "COPY" | "ADD":
            yield from read_copy(scene)
        case "LABEL":
            yield from _labels(scene)


def _command(scene: Scene, args: Span, context: Context) -> Fragment:
    language = EXEC if scene.instruction.json else scene.stage.language
    return command_line(scene, args, language, context)


def _run(scene: Scene) -> Fragment:
    heredocs = scene.instruction.heredocs
    context = Context(build_time=True, variables=scene.stage.variables)
    if len(heredocs) != 1 or operator(scene.instruction.text) is None:
        return _command(scene, scene.instruction.args, context)
    # Nothing but a heredoc: its body is the script, whether or not its name is quoted.
    body = heredoc_text(scene, heredocs[0], scene.stage.language, context)
    if body.text.startswith("#!"):
        return replace(body, language=language_of(heredocs[0].operator.name, body.text))
    return body


def _labels(scene: Scene) -> Iterator[Directive]:
    stage = scene.stage
    try:
        pairs = pairs_of(scene.instruction.text, stage.escape, "LABEL")
    except MalformedError:
        return
    for name, value in pairs:
        key = stage.expand(name.text) or ""
        if key.startswith(_LABEL):
            text = f"{key.removeprefix(_LABEL)}={stage.expand(value.text) or value.text}"
            yield Directive(scene.source, scene.place(name.span.cover(value.span)), text)
