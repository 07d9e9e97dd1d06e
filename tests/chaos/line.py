"""A line between the portal and Redis that can be cut without a word, as networks do."""

import socket
from contextlib import suppress
from threading import Thread

from portal.local.broker import free_port


class Line:
    """Carries what is said to the port `far`; `near` is where it is reached."""

    def __init__(self, far: int) -> None:
        self.far, self.near = far, free_port()
        self.cuts = 0
        self.ends: list[socket.socket] = []  # kept, so that a cut line is not hung up by our forgetting it

    def open(self) -> None:
        """Takes calls, at the same port each time."""
        self.door = socket.create_server(("127.0.0.1", self.near))
        Thread(target=self._take_calls, args=(self.door,), daemon=True).start()

    def close(self) -> None:
        """Takes no more calls: whoever calls is refused, as by a port nobody listens on."""
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def cut(self) -> None:
        """What is connected hears nothing any more, not even a farewell; who calls anew gets through."""
        self.cuts += 1

    def _take_calls(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.far))
            except OSError:
                near.close()
                continue
            self.ends += [near, far]
            for ends in ((near, far), (far, near)):
                Thread(target=self._carry, args=(*ends, self.cuts), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, laid: int) -> None:
        with suppress(OSError):
            while (words := one.recv(65536)) and laid == self.cuts:
                other.sendall(words)
        if laid == self.cuts:
            for end in (one, other):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
