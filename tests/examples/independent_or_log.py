"""n, mean, SD and median of in-room minutes per service, by nobody's code but the standard library's."""

import csv
import statistics
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path

minutes: dict[str, list[int]] = {}
with Path(sys.argv[1]).open(newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        stay = datetime.strptime(row["Wheels Out"], "%m/%d/%y %I:%M %p") - datetime.strptime(
            row["Wheels In"], "%m/%d/%y %I:%M %p"
        )
        minutes.setdefault(row["Service"], []).append(int(stay.total_seconds()) // 60)
for service, values in sorted(minutes.items()):
    variance = statistics.variance(map(Fraction, values))
    print(
        service,
        len(values),
        Fraction(sum(values), len(values)),
        float(variance) ** 0.5,
        statistics.median(values),
        sep="\t",
    )
