"""What happens in the canteens of the demo, topic by topic; each topic has a module with `begin(district, stage)`."""

from canteen.models import Canteen, Ingredient
from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage

from . import accounts, buying, deliveries, duties, guests, places, talk


def begin(district: District, stage: Stage) -> None:
    """Puts it all on the stage; the clock stands at the first day."""
    places.begin(district)
    buying.begin(district, stage)
    deliveries.begin(district, stage)
    accounts.begin(district, stage)
    duties.begin(district, stage)
    guests.begin(district, stage)
    talk.begin(district, stage)


def summary() -> str:
    """How much there is, for the console."""
    listed = f"{Canteen.objects.count()} canteens with {Ingredient.objects.count()} ingredients"
    return f"{listed}; {deliveries.summary()}; {accounts.summary()}"
