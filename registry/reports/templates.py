"""The files that show how a file must look to be read, by the name of their address."""

from collections.abc import Callable
from dataclasses import dataclass

from registry.models import Site
from registry.reports import case_template, or_log_template, redcap, table_schema

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Template:
    """A file to take away: how it is called, its media type, and how it is made for a site."""

    name: str
    type: str
    made: Callable[[Site], str | bytes]


TEMPLATES = {
    "template.csv": Template("strata-cases-template.csv", _CSV, lambda _site: case_template.csv_template()),
    "template.xlsx": Template("strata-cases-template.xlsx", _XLSX, case_template.xlsx_template),
    "datapackage.json": Template(
        "datapackage.json", "application/json; charset=utf-8", lambda _site: table_schema.data_package()
    ),
    "redcap.csv": Template("strata-redcap-dictionary.csv", _CSV, lambda _site: redcap.dictionary()),
    "or-log.csv": Template("strata-or-log-template.csv", _CSV, lambda _site: or_log_template.csv_template()),
    "or-log.xlsx": Template("strata-or-log-template.xlsx", _XLSX, lambda _site: or_log_template.xlsx_template()),
}
