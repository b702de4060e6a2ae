"""Reads documents and believes or refuses them; never writes."""
