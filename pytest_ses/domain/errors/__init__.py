"""The errors of SES, one class for each reason; the API ring assigns their codes in v1 and v2."""

from pytest_ses.domain.errors.base import *  # noqa: F403  (every error is re-exported)
from pytest_ses.domain.errors.conflicts import *  # noqa: F403  (every error is re-exported)
from pytest_ses.domain.errors.invalid import *  # noqa: F403  (every error is re-exported)
from pytest_ses.domain.errors.missing import *  # noqa: F403  (every error is re-exported)
from pytest_ses.domain.errors.sending import *  # noqa: F403  (every error is re-exported)
