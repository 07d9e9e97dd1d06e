"""Who may see what hangs at the canteen's own rows."""

from canteen.queries.books import sees_voucher
from canteen.queries.duties import sees_health
from canteen.queries.menus import sees_dish
from canteen.queries.suppliers import sees_certificate
from portal.evidence.gates import on_view

on_view("voucher", sees_voucher)
on_view("dish", sees_dish)
on_view("certificate", sees_certificate)
on_view("healthcard", sees_health)
