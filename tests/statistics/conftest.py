"""`--oracles`: only the files that compare with tests/oracles/, and what they found; a file that nothing was compared with fails."""

import pytest

from tests.statistics.oracles import TALLY


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--oracles", action="store_true", help="only checks against tests/oracles/, with their errors")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _asked(config):
        items[:] = [item for item in items if isinstance(item, pytest.Function) and hasattr(item.module, "agrees")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _asked(session.config) and not TALLY.is_clean:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _asked(config):
        for line in ("", *TALLY.lines()):
            terminalreporter.write_line(line)


def _asked(config: pytest.Config) -> bool:
    # Where only tests/ is named, this file is read after the command line.
    return bool(config.getoption("--oracles", default=False))
