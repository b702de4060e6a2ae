"""n, mean, SD and median of in-room minutes per service of an OR log, by nobody's code but the standard library's."""

import csv
import statistics
import sys
from datetime import datetime
from fractions import Fraction

minutes: dict[str, list[Fraction]] = {}
for row in csv.DictReader(sys.stdin):
    stay = [datetime.strptime(row[column], "%m/%d/%y %I:%M %p") for column in ("Wheels In", "Wheels Out")]
    minutes.setdefault(row["Service"], []).append(Fraction(int((stay[1] - stay[0]).total_seconds()), 60))
for service, values in sorted(minutes.items()):
    print(service, len(values), statistics.mean(values), statistics.stdev(values), statistics.median(values), sep="\t")
