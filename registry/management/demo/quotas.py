"""Whole counts by weight: exact quotas, and hands of cards dealt from them."""

import random
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def apportioned(total: int, weights: Mapping[Key, float]) -> dict[Key, int]:
    """`total` in whole shares by weight, by largest remainder; the first of equal remainders comes first."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: shares[key] - exact[key])
    for key in by_remainder[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def dealt(dice: random.Random, quotas: Mapping[Key, int]) -> list[Key]:
    """Each key as often as its quota says, shuffled."""
    cards = [key for key, count in quotas.items() for _ in range(count)]
    dice.shuffle(cards)
    return cards


def placed(dice: random.Random, quotas: Mapping[Key, int], allowed: Sequence[frozenset[Key]]) -> list[Key]:
    """One key for each place, each as often as its quota says, and only where it is allowed.

    Keys are placed in the order of `quotas`: the ones that few places allow come first, the ones that every place allows last.
    Raises ValueError where the quotas cannot be met in this order.
    """
    free = list(range(len(allowed)))
    dice.shuffle(free)
    chosen: dict[int, Key] = {}
    for key, count in quotas.items():
        fitting = [place for place in free if key in allowed[place]][:count]
        if len(fitting) < count:
            message = f"Only {len(fitting)} of {count} places allow {key}."
            raise ValueError(message)
        chosen |= dict.fromkeys(fitting, key)
        taken = set(fitting)
        free = [place for place in free if place not in taken]
    return [chosen[place] for place in range(len(allowed))]
