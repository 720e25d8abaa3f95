"""How does SES say no? One class per reason; the API ring gives each its code in v1 and v2."""

from pytest_ses.domain.errors.base import *  # noqa: F403  (all of them are handed on)
from pytest_ses.domain.errors.conflicts import *  # noqa: F403  (all of them are handed on)
from pytest_ses.domain.errors.invalid import *  # noqa: F403  (all of them are handed on)
from pytest_ses.domain.errors.missing import *  # noqa: F403  (all of them are handed on)
from pytest_ses.domain.errors.sending import *  # noqa: F403  (all of them are handed on)
