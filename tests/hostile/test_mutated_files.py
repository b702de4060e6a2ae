"""Files damaged at random, always in the same ways: each is read or refused, and nothing else is ever raised."""

import random
from pathlib import Path

import pytest

from tests.hostile.csv_files import encodings, quotes
from tests.hostile.other_files import archives, json_lines, parquet
from tests.hostile.outcomes import Hostile, outcome
from tests.hostile.xlsx_honest import formulas, several_sheets

MUTANTS = 40
_TELLING = (
    b"\0",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"<",
    b"]]>",
    b"{",
    b"\x1f\x8b",
    b"PAR1",
    b"&",
    b"\xf0\x9f",
    b"sep=;\n",
)
SOUND = [
    each for group in (encodings, quotes, formulas, several_sheets, json_lines, parquet, archives) for each in group()
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with one to eight of its places changed, cut out, doubled, or filled with what tells formats apart."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(found) + 1), chance.choice((1, 1, 2, 4, 30))
        match chance.randrange(5):
            case 0:
                found[at : at + size] = chance.randbytes(size)
            case 1:
                del found[at : at + size]
            case 2:
                found[at:at] = found[at : at + size]
            case 3:
                found[at:at] = chance.choice(_TELLING)
            case 4:
                found[at : at + 1] = bytes([chance.choice((0, 1, 127, 128, 255))])
    return bytes(found)


@pytest.mark.slow
@pytest.mark.parametrize("sound", [each for each in SOUND if "bomb" not in each.name], ids=lambda sound: sound.name)
def test_a_damaged_file_is_read_or_refused(sound: Hostile, tmp_path: Path) -> None:
    path, chance = tmp_path / "upload", random.Random(sound.name)
    sound.make(path)
    data = path.read_bytes()
    for _ in range(MUTANTS):
        path.write_bytes(mutated(data, chance))
        outcome(path)
