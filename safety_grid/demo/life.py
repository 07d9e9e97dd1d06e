"""What happens in the safety grid of the demo, part by part."""

from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage

from . import hazards, rounds, spots
from .months import Monthly
from .systems import Systems


def begin(district: District, stage: Stage) -> None:
    """Puts it all on the stage; the clock stands at the first day."""
    Systems(district, stage).begin()
    spots.set_out(district)
    hazards.begin(district, stage)
    rounds.begin(district, stage)
    Monthly(district, stage).begin()


def summary() -> str:
    """How much there is, for the console."""
    return f"{spots.summary()}; {hazards.summary()}; {rounds.summary()}"
