"""What a scan at a post offers to whoever is on duty there."""

from portal.stickers.doors import on_scan
from safety_grid.queries import duty

on_scan(duty.doors_of)
