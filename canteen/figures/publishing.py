"""Whether menus (CP-01) and licences with people (CP-08) are published in time."""

from canteen.flow import MENUS, PARTICULARS
from portal.publications import figures as publications
from portal.rollups.book import Counting, Tally

FLOWS = (MENUS, PARTICULARS)
KINDS: dict[str, Counting] = {flow.kind: publications.counted for flow in FLOWS}
TALLIES: tuple[Tally, ...] = tuple(one for flow in FLOWS for one in publications.tallies(flow))
LEADING: tuple[str, ...] = ()
RANKED: tuple[tuple[str, int], ...] = ()
FIGURES = tuple(one for flow in FLOWS for one in publications.figures(flow))
