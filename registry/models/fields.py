"""Fields that carry their own CHECK: a choice, a range or a pattern is declared once, here, and PostgreSQL keeps it.

`intake` reads the same attributes to judge a report, so a rule about one field exists in one place (docs/adr/0008).
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property

if TYPE_CHECKING:
    _Char = models.CharField[Any, Any]
    _Array = ArrayField[Any, Any]
    _Integer = models.IntegerField[Any, Any]
    _Decimal = models.DecimalField[Any, Any]
    _Date = models.DateField[Any, Any]
else:  # Django's fields are generic in their stubs only.
    _Char, _Array, _Integer, _Decimal, _Date = (
        models.CharField,
        ArrayField,
        models.IntegerField,
        models.DecimalField,
        models.DateField,
    )

# Django leaves the column alone when only these attributes change; ours shape the CHECK, so "choices" must not be among them.
_ALTERS_NOTHING = tuple(name for name in models.Field.non_db_attrs if name != "choices")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 256 is a multiple of 32: every character is drawn equally often.
_OF_A_BYTE = (_CROCKFORD * 8).encode()


def quoted(words: Iterable[str]) -> str:
    """SQL string literals, comma separated."""
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def random_id(prefix: str, length: int = 16) -> str:
    """An opaque identifier such as `cas_7Q2M…`: 5 random bits a character, no date and no sequence in it."""
    return random_ids(prefix, 1, length)[0]


def random_ids(prefix: str, count: int, length: int = 16) -> list[str]:
    """So many of them."""
    drawn = secrets.token_bytes(count * length).translate(_OF_A_BYTE).decode()
    return [prefix + drawn[at : at + length] for at in range(0, count * length, length)]


class Choice(_Char):
    """One word of a vocabulary; null = not asked or unknown."""

    non_db_attrs = _ALTERS_NOTHING

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    @cached_property
    def words(self) -> list[str]:
        return [str(value) for value, _ in self.flatchoices]

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f'"{self.column}" IN ({quoted(self.words)})'


class ChoiceList(_Array):
    """Several words of a vocabulary, in the order given; empty = not asked."""

    def __init__(self, *, words: Any, **kwargs: Any) -> None:
        self.words: list[str] = [str(word) for word in getattr(words, "values", words)]
        self.labels: dict[str, Any] = dict(getattr(words, "choices", ()))
        kwargs.pop("base_field", None)
        kwargs.setdefault("default", list)
        super().__init__(models.CharField(max_length=40), **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("base_field", None)
        kwargs["words"] = self.words
        return name, path, args, kwargs

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f'"{self.column}" <@ ARRAY[{quoted(self.words)}]::varchar(40)[]'


class WholeNumber(_Integer):
    """An integer in [low, high]."""

    def __init__(self, *args: Any, low: int, high: int, **kwargs: Any) -> None:
        self.low, self.high = low, high
        super().__init__(*args, **kwargs)

    @property
    def validators(self) -> list[Callable[[Any], None]]:
        return [*super().validators, MinValueValidator(self.low), MaxValueValidator(self.high)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "low": self.low, "high": self.high}

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f'"{self.column}" BETWEEN {self.low} AND {self.high}'


class Amount(_Decimal):
    """An exact decimal in [low, high] with a fixed number of places."""

    def __init__(self, *args: Any, low: str, high: str, **kwargs: Any) -> None:
        self.low, self.high = Decimal(low), Decimal(high)
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    @property
    def validators(self) -> list[Callable[[Any], None]]:
        return [*super().validators, MinValueValidator(self.low), MaxValueValidator(self.high)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "low": str(self.low), "high": str(self.high)}

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f'"{self.column}" BETWEEN {self.low} AND {self.high}'


class Month(_Date):
    """A month, kept as its first day: the day itself is never stored."""

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f'EXTRACT(day FROM "{self.column}") = 1'


class Pattern(_Char):
    """A short string that matches `pattern` (anchored, understood alike by Python and PostgreSQL)."""

    def __init__(self, *args: Any, pattern: str, **kwargs: Any) -> None:
        self.pattern = pattern
        super().__init__(*args, **kwargs)

    @property
    def validators(self) -> list[Callable[[Any], None]]:
        return [*super().validators, RegexValidator(self.pattern)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "pattern": self.pattern}

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"\"{self.column}\" ~ '{self.pattern}'"


class PublicId(_Char):
    """The name by which a row is addressed from outside; the bigint key never leaves."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 24)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def get_default(self) -> str:
        return random_id(self.prefix)

    def has_default(self) -> bool:
        return True

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, {**kwargs, "prefix": self.prefix}


def manifest(*, open: str = "", coarse: str = "", withheld: str = "") -> dict[str, str]:
    """The privacy manifest of a model: each field is open (may be exported), coarse (rounded or grouped first) or withheld."""
    kinds: Sequence[tuple[str, str]] = (("open", open), ("coarse", coarse), ("withheld", withheld))
    return {name: kind for kind, names in kinds for name in names.split()}
