"""What the portal's rooms ask about assets: their names on stickers, their photos, what a scan of one offers."""

from portal.evidence.gates import Keeper, on_cover, on_view
from portal.stickers.doors import on_scan
from portal.stickers.queries import on_naming
from repairs.queries import assets

on_naming("asset", assets.names_of)
on_view("asset", assets.sees_asset)
on_cover("asset", Keeper(assets.covers_photo, assets.uncovers_photo, assets.locked_at, assets.card_at))
on_scan(assets.doors_of)
