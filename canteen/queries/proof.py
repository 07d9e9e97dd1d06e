"""Books and store under the ledger's protection: every amount, seal, move and count is what its chain says, none is gone or new.

An amount, a seal or a move that somebody wrote, changed or deleted in the database itself is named by `manage.py verify`.
"""

from django.db import connection

from canteen.models import Entry, FoodMove, MealMoney
from portal.ledger.verification import Checked, Finding, lacking, prove

# What the chains say, then what the tables hold: in the same columns, the address first and the row's own key second.
_ENTRIES = (
    """
    select address, (facts ->> 'entry')::bigint, facts ->> 'category', (facts ->> 'amount')::numeric,
           facts ->> 'day', facts ->> 'diners', (facts ->> 'case')::bigint, (facts ->> 'reverses')::bigint,
           case when facts ? 'case' and not facts ? 'reverses' then null else who end, at
    from ledger_event where address like 'canteen:%' and verb in ('booked', 'reversed')
    """,
    """
    select 'canteen:' || canteen_id, id, category, amount, day::text, diners, case_id, reverses_id, 'person:' || by_id, at
    from canteen_entry
    """,
)
_SEALS = (
    """
    select address, (facts ->> 'entry')::bigint, who, at
    from ledger_event where address like 'canteen:%' and verb = 'sealed'
    """,
    """
    select 'canteen:' || entry.canteen_id, seal.entry_id, 'person:' || seal.by_id, seal.at
    from canteen_entryseal seal join canteen_entry entry on entry.id = seal.entry_id
    """,
)
_MOVES = (
    """
    select address, (facts ->> 'move')::bigint, verb, (facts ->> 'lot')::bigint, (facts ->> 'quantity')::numeric,
           (facts ->> 'amount')::numeric, (facts ->> 'left')::numeric, (facts ->> 'case')::bigint,
           case when who like 'person:%' then who end, at
    from ledger_event where address like 'shelf:%' and facts ? 'move'
    """,
    """
    select 'shelf:' || shelf_id, id, kind, lot_id, quantity, amount, "left", case_id, 'person:' || by_id, at
    from canteen_foodmove
    """,
)
_FOODS = (
    """
    select event.address, food.key, food.value::numeric
    from ledger_event event, jsonb_each_text(event.facts -> 'foods') food
    where event.address like 'bookmonth:%' and event.verb = 'closed'
    """,
    """
    select 'bookmonth:' || month_id, category, closing from canteen_closedstock
    where 'bookmonth:' || month_id not in (
        select address from ledger_event where address like 'bookmonth:%' and verb = 'closed' and not facts ? 'foods')
    """,
)
# What one file of the card system brought, and one refund: how many moves and how much, whoever wrote them when.
_MONEY = (
    """
    select address, at, who, sum(coalesce((facts ->> 'moves')::int, 1)),
           sum((facts ->> 'amount')::numeric * case verb when 'refunded' then -1 else 1 end)
    from ledger_event where address like 'canteen:%' and verb in ('brought', 'refunded') group by 1, 2, 3
    """,
    """
    select 'canteen:' || canteen_id, at, 'person:' || by_id, count(*), sum(amount)
    from canteen_mealmoney group by 1, 2, 3
    """,
)
_COUNTS = (
    """
    select distinct on (address) address, facts ->> 'day', facts ->> 'meal', (facts ->> 'students')::int,
           (facts ->> 'staff')::int, (facts ->> 'guests')::int
    from ledger_event where address like 'mealcount:%' and verb = 'counted' order by address, seq desc
    """,
    """
    select 'mealcount:' || id, day::text, meal, students, staff, guests from canteen_mealcount
    """,
)
_SUMS = """
    select 'shelf:' || shelf.id from canteen_shelf shelf
    left join (select shelf_id, sum(quantity) as quantity, sum(amount) as amount from canteen_foodmove group by 1) moves
           on moves.shelf_id = shelf.id
    where (shelf.on_hand, shelf.worth) is distinct from (coalesce(moves.quantity, 0), coalesce(moves.amount, 0))
    order by 1 limit 1
"""
BOOKS = (
    ("一笔账", _ENTRIES),
    ("一次复核", _SEALS),
    ("结账的一样期末库存", _FOODS),
    ("餐费", _MONEY),
    ("就餐人数", _COUNTS),
)


def check_books() -> Checked:
    """Entries, seals, closings, meal money and counts against the canteens' chains, in both directions."""
    flaw = next((found for what, pair in BOOKS if (found := _differing(what, pair))), None)
    return Checked(Entry.objects.count() + MealMoney.objects.count(), flaw)


def check_store() -> Checked:
    """Moves of the store against the shelves' chains, in both directions; what is on hand against its moves."""
    flaw = _differing("一次出入库", _MOVES) or _wrong_sum()
    return Checked(FoodMove.objects.count(), flaw)


def _differing(what: str, pair: tuple[str, str]) -> Finding | None:
    said, held = pair
    gone = lacking(said, held)
    if gone:
        return Finding(gone[0], f"记录里的{what}不见了，或被改动过。（{gone[1]}）")
    new = lacking(held, said)
    return Finding(new[0], f"有{what}不在记录里，是后来放进去的。（{new[1]}）") if new else None


def _wrong_sum() -> Finding | None:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        row = cursor.fetchone()
    return Finding(row[0], "库存和它的出入库对不上，被改动过。") if row else None


prove("账与餐费", check_books)
prove("食材出入库", check_store)
