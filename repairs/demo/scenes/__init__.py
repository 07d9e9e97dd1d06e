"""Drawn pictures of what breaks in schools, before and after; each knows one thing and two states of it."""

from collections.abc import Callable

from portal.hall.demo.brush import Sheet

from . import devices, furniture, outdoor, room, water

SCENES: dict[str, Callable[[bool], Sheet]] = {
    scene.__name__: scene
    for scene in (
        water.tap, water.toilet, water.dispenser, water.manhole, water.tile,
        room.lamp, room.socket, room.window, room.door, furniture.chair, furniture.cabinet, furniture.bed, furniture.fan, furniture.aircon,
        room.wall, room.ceiling,
        devices.board, devices.projector, devices.speaker, devices.router, devices.computer, devices.fridge,
        devices.stove, devices.elevator,
        outdoor.extinguisher, outdoor.exitlight, outdoor.camera, outdoor.gatebar, outdoor.hoop, outdoor.track,
        outdoor.tree, outdoor.fence, outdoor.sign, outdoor.paper,
    )
}  # fmt: skip
