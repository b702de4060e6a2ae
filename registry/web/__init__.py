"""The HTML door: server-rendered pages, no inline script or style, no request to another host."""
