"""The REST door: parse a request, call one action or one read, translate the answer."""
