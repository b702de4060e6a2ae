"""The suite itself: a name that a template does not know is a failure, not an empty space."""

import pytest
from django.template import Context, Template


def test_an_undefined_template_variable_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="nowhere"):
        Template("{{ nowhere }}").render(Context())


def test_a_value_inside_an_undefined_object_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"case\.nothing"):
        Template("{{ case.nothing }}").render(Context({"case": {"something": 1}}))
