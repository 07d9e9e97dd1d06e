"""What every law gets for free, and what is checked of each when the portal starts."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.orgs.roles import roles

from .words import ASSIGNEE, FOLLOWER, GOVERNOR, HELPER, HOLDER, OPENER, PERSONAL, READER, TOLD, Step

if TYPE_CHECKING:
    from .law import Flow


def spine_steps(flow: "Flow") -> Iterable[Step]:
    """What every flow gets for free: 催办, 知悉, 补充说明."""
    from portal.cases import rules

    hidden = flow.visiting.target if flow.visiting else ""
    open_states = tuple(state.name for state in flow.states if not state.final)
    shown = tuple(
        name for name in open_states if name != hidden
    )  # strangers send once, and are heard once they are vouched for
    yield Step(
        "nudge", open_states, None, "催办", GOVERNOR, "bell-ring", "催办", rules=(rules.only_late, rules.not_nudged_lately),
        tells=(HOLDER,), help="通知现在负责的人，并记入经过。",
    )  # fmt: skip
    yield Step(
        "acknowledge",
        open_states,
        None,
        "知悉",
        TOLD,
        "eye",
        "已知悉上报",
        acknowledges=True,
        help="表示您已看到这次上报。",
    )
    yield Step("follow", shown, None, "关注", READER, "bell-plus", "关注了这件事", joins=True, help="有进展会通知您。")
    yield Step("unfollow", shown, None, "不再关注", FOLLOWER, "bell-off", "不再关注", leaves=True)
    yield Step(
        "comment", shown, None, "补充说明", (OPENER, ASSIGNEE, GOVERNOR, HELPER), "message-square", "补充说明",
        tells=(OPENER, HOLDER),
    )  # fmt: skip


def check_flow(flow: "Flow") -> None:
    """Refuses to start with a law that contradicts itself."""
    known = set(flow.tokens)
    for step in (*flow.openings, *flow.steps):
        wrong = (set(step.sources) | set(step.targets)) - known
        if wrong:
            raise RuntimeError(f"{flow.kind}.{step.name}: unknown states {sorted(wrong)}")
        if bool(step.branches) != bool(step.leads):
            raise RuntimeError(
                f"{flow.kind}.{step.name}: branches need somebody to pick, and nobody picks without them"
            )
    for clock in flow.clocks:
        if set(clock.runs + clock.stands) - {state.name for state in flow.states if not state.final}:
            raise RuntimeError(f"{flow.kind}.{clock.name}: clocks run in open states only")
        if clock.then and clock.then not in flow._steps:
            raise RuntimeError(f"{flow.kind}.{clock.name}: unknown step {clock.then}")
        if clock.then and flow.moves and {flow.state(one).final for one in flow._steps[clock.then].targets} - {""}:
            raise RuntimeError(f"{flow.kind}.{clock.then}: the sweep holds many cases and must not wait for one more")


def check_roles(flow: "Flow") -> list[str]:
    """Roles the flow names that nobody defines: checked once every affair has brought its own."""
    known = set(roles()) | set(PERSONAL) | {HOLDER}
    named = {role for step in (*flow.openings, *flow.steps) for role in (*step.roles, *step.tells)}
    named |= {state.turn for state in flow.states if state.turn}
    named |= {rung.tells for clock in flow.clocks for rung in clock.late}
    return sorted(named - known - {""})
