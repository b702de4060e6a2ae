"""Figures: rows in, a Vega-Lite specification as a dict out, drawn to SVG on the server. One shape a file; none knows a measure."""
