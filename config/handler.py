"""The WSGI handler of this installation: Django's, with requests that are read as UTF-8 and nothing else."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Utf8Request(WSGIRequest):
    """A request whose query and forms are UTF-8, whatever charset its Content-Type names.

    Django would decode them by any codec of Python's that the sender names, also one that makes no text of bytes.
    A door that must refuse another charset reads it in `content_params`.
    """

    @property
    def encoding(self) -> None:
        """None: the encoding of the settings, UTF-8."""
        return

    @encoding.setter
    def encoding(self, _said: str) -> None:
        pass


class Handler(WSGIHandler):
    request_class = Utf8Request
