"""Where the names of dots stand, so that they do not lie on other dots, on each other or, where it can be helped, on lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.web.charts.frame import LETTER_PIXELS, LETTERS

Spot = tuple[float, float]
"""Pixels from the left and from the top of the drawing."""
GAP = 8
DOT = 6


@dataclass(frozen=True)
class Side:
    """Which side of its dot a name stands on: how it is aligned there, and how far from the middle of the dot in pixels."""

    align: str
    dx: int
    dy: int


SIDES = (
    Side("left", GAP, 0),
    Side("right", -GAP, 0),
    Side("center", 0, -2 * GAP),
    Side("center", 0, 2 * GAP),
    Side("left", GAP, -2 * GAP),
    Side("right", -GAP, -2 * GAP),
    Side("left", GAP, 2 * GAP),
    Side("right", -GAP, 2 * GAP),
)


@dataclass(frozen=True)
class _Box:
    left: float
    right: float
    top: float
    bottom: float

    def holds(self, spot: Spot, room: float) -> bool:
        x, y = spot
        return self.left - room < x < self.right + room and self.top - room < y < self.bottom + room

    def meets(self, other: "_Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, width: float, height: float) -> bool:
        return self.left >= 0 and self.right <= width and self.top >= 0 and self.bottom <= height


def sides(names: Sequence[str], spots: Sequence[Spot], lines: Sequence[Spot], room: Spot) -> list[Side]:
    """For each dot the side of its name, the first of the best; `names` are "" where there is none, `lines` are points on lines.

    `room` is the width and the height of the drawing. Dots and names count before the edges, these before the lines.
    """
    taken: list[_Box] = []
    found = []
    for i, (name, spot) in enumerate(zip(names, spots, strict=True)):
        others = [*spots[:i], *spots[i + 1 :]]
        boxes = [_box(name, spot, side) for side in SIDES]
        costs = [
            (
                sum(box.holds(other, DOT) for other in others) + sum(box.meets(each) for each in taken),
                not box.within(*room),
                sum(box.holds(each, 0) for each in lines),
            )
            for box in boxes
        ]
        best = costs.index(min(costs))
        found.append(SIDES[best])
        if name:
            taken.append(boxes[best])
    return found


def _box(name: str, spot: Spot, side: Side) -> _Box:
    long = len(name) * LETTER_PIXELS * 1.2  # codes are capitals, which are wider
    left = spot[0] + side.dx - long * {"left": 0.0, "center": 0.5, "right": 1.0}[side.align]
    middle = spot[1] + side.dy
    return _Box(left, left + long, middle - LETTERS / 2, middle + LETTERS / 2)
