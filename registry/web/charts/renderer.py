"""A program of its own: a JSON list of specifications comes in, a JSON list of SVGs goes out; with `png` one SVG, and a bitmap of it.

The renderer holds a JavaScript engine of some 60 MB and takes half a second to start; so it lives only while it draws, and never
in a process that serves pages.
"""

import json
import sys

import vl_convert

SCALE = 2
"""Pixels of a bitmap for one of the drawing, so that it can be printed."""

if __name__ == "__main__":
    if sys.argv[1:] == ["png"]:
        sys.stdout.buffer.write(vl_convert.svg_to_png(sys.stdin.read(), scale=SCALE))
    else:
        json.dump([vl_convert.vegalite_to_svg(spec) for spec in json.load(sys.stdin)], sys.stdout)
