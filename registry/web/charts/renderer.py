"""A program of its own: a JSON list of specifications comes in, a JSON list of SVGs goes out.

The renderer holds a JavaScript engine of some 60 MB and takes half a second to start; so it lives only while it draws, and never
in a process that serves pages.
"""

import json
import sys

import vl_convert

if __name__ == "__main__":
    json.dump([vl_convert.vegalite_to_svg(spec) for spec in json.load(sys.stdin)], sys.stdout)
