"""Where the pages and files about one site, or about the registry, are found."""

from dataclasses import dataclass

from django.urls import reverse

from registry.models import Site


@dataclass(frozen=True)
class Addresses:
    """Those of `site`, or of the registry where it is None; `query` keeps the chosen period in each."""

    site: Site | None
    query: str = ""

    def table(self, key: str) -> str:
        """A measure as CSV."""
        return self._of("table", key)

    def figure(self, key: str, format: str) -> str:
        """A figure as `svg`, or its specification as `json`."""
        return self._of("figure", key, format)

    def pack(self, key: str) -> str:
        """A workbook of all the measures of a page."""
        return self._of("pack", key)

    def topic(self, slug: str) -> str:
        """A page of the dashboard; the overview has no slug."""
        return self._of("topic", slug) if slug else self.overview

    @property
    def overview(self) -> str:
        return (reverse("site", args=[self.site.code]) if self.site else reverse("home")) + self.query

    @property
    def exports(self) -> str:
        return reverse("site-exports", args=[self.site.code]) if self.site else reverse("exports")

    def _of(self, name: str, *which: str) -> str:
        if self.site:
            return reverse(f"site-{name}", args=[self.site.code, *which]) + self.query
        return reverse(f"registry-{name}", args=which) + self.query
