"""Draws a flow as a Mermaid state diagram with its tables, from the law itself."""

from portal.orgs.roles import title

from .flow import FLOWS, HOLDER, PERSONAL, Clock, Flow, Recurring, Rung, Step


def pages() -> dict[str, str]:
    """The page of every flow by file name, as `docs/flows/` must hold them."""
    return {f"{flow.kind}.md": page(flow) for flow in FLOWS.values()}


def page(flow: Flow) -> str:
    """One flow: diagram, steps, clocks, ladders."""
    parts = [
        f"# {flow.title} (`{flow.kind}`)",
        "Drawn from the flow by `manage.py flows`; do not edit.",
        "```mermaid\nstateDiagram-v2\n" + "\n".join(_arrows(flow)) + "\n```",
        "## States\n\n| state | on screen | whose turn |\n| --- | --- | --- |\n"
        + "\n".join(f"| `{one.name}` | {one.title} | {_role(one.turn) if one.turn else '—'} |" for one in flow.states),
        "## Steps\n\n| step | on screen | from | to | who | needs |\n| --- | --- | --- | --- | --- | --- |\n"
        + "\n".join(_row(step) for step in flow.steps),
        "## Clocks\n\n" + "\n\n".join(_clock(clock) for clock in flow.clocks),
        *([_again(flow.recurs)] if flow.recurs else []),
        *(f"When a case ends, the case it belongs to as `{link}` takes `{name}`." for link, name in flow.moves),
    ]
    return "\n\n".join(parts) + "\n"


def _again(recurs: Recurring) -> str:
    rule, where = recurs.rule, " or ".join(recurs.at)
    preset = "" if recurs.is_on else ", once it is switched on"
    return f"Comes again every {rule['every']} at every {where} by itself{preset}; set in 设置 › 定期事项."


def _arrows(flow: Flow) -> list[str]:
    lines = [f'    state "{state.title}" as {state.name}' for state in flow.states]
    lines += [f"    [*] --> {target}: {step.title}" for step in flow.openings for target in step.targets]
    for step in flow.steps:
        lines += [f"    {source} --> {target}: {step.title}" for source in step.sources for target in step.targets]
    return lines + [f"    {state.name} --> [*]" for state in flow.states if state.final]


def _row(step: Step) -> str:
    who = "、".join(_role(role) for role in step.roles)
    sources = ", ".join(f"`{source}`" for source in step.sources)
    needs = ", ".join(step.needs) or "—"
    targets = " or ".join(f"`{target}`" for target in step.targets) or "stays"
    opens = f"; opens a `{step.opens[0]}`" if step.opens else ""
    return f"| `{step.name}` | {step.title} | {sources} | {targets}{opens} | {who} | {needs} |"


def _clock(clock: Clock) -> str:
    runs = ", ".join(f"`{state}`" for state in clock.runs)
    stands = ", ".join(f"`{state}`" for state in clock.stands)
    lines = [
        f"### {clock.title} (`{clock.name}`)",
        "",
        f"Runs in {runs}" + (f"; stands still in {stands}." if stands else "."),
    ]
    if clock.then:
        lines.append(f"When due, the clock itself takes `{clock.then}`.")
    lines += [f"- {_rung(rung)}" for rung in clock.late]
    return "\n".join(lines)


def _rung(rung: Rung) -> str:
    when = (
        f"at {rung.share * 100:.0f} % of the time" if rung.share is not None else f"{rung.plus} h after the time is up"
    )
    ack = f", to be acknowledged within {rung.ack} h" if rung.ack is not None else ""
    return f"{when}: {_role(rung.tells)}{ack}"


def _role(code: str) -> str:
    return "现在负责的人" if code == HOLDER else PERSONAL.get(code) or title(code)
