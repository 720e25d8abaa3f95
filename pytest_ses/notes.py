"""Hints on the exceptions that tests fail with, as notes of these exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses import hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType, TracebackType

    from pytest_ses.hints import BackendState

_OUTSIDE = "No ses_backend was active, so boto3 tried to call Amazon SES itself."
_WIDER_SCOPES = (
    "For calls in setUpClass or in a fixture of class, module or session scope, create a SESBackend; see "
    '"Patterns for conftest files" in the manual.'
)
OUTSIDE = (
    f"{_OUTSIDE} Use the fixture ses_backend in the test, or in the fixture that makes the call. To use "
    f"it in every test, set ses_autouse = true. {_WIDER_SCOPES}"
)
OUTSIDE_DESPITE_AUTOUSE = (
    f"{_OUTSIDE} ses_autouse covers each test, but not code before it. {_WIDER_SCOPES}"
)

# The exceptions of botocore and pytest-socket if a client cannot reach AWS; subclasses count.
_UNREACHABLE = {
    "ConnectionError",
    "CredentialRetrievalError",
    "HTTPClientError",
    "NoCredentialsError",
    "NoRegionError",
    "PartialCredentialsError",
    "SocketBlockedError",
    "TokenRetrievalError",
}
# The error codes of AWS for credentials that belong to no account.
_INVALID_CREDENTIALS = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_SES = ("ses", "sesv2")
# The functions in which botocore creates or calls a client, and the name of its service there.
_SERVICES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "_make_api_call": lambda variables: variables["self"].meta.service_model.service_name,
    "create_client": lambda variables: variables["service_name"],
}


def annotate(
    error: BaseException, backend: BackendState | None, *, is_autouse: bool = False
) -> list[str]:
    """Add the hints on an exception, and on those it is chained to, as notes; return the hints.

    Python 3.10 has no notes. SES's error message is never changed.

    Args:
        error: the exception that a test, or one of its fixtures, failed with.
        backend: the backend that was active, if there was one.
        is_autouse: whether every test uses the fixture `ses_backend`.
    """
    outside = OUTSIDE_DESPITE_AUTOUSE if is_autouse else OUTSIDE
    found = []
    for exception in _chain(error):
        for hint in _hints(exception, backend, outside):
            found.append(hint)
            _add_note(exception, f"pytest-ses: {hint}")
    return found


def _hints(error: BaseException, backend: BackendState | None, outside: str) -> list[str]:
    code_and_text = _code_and_text(error)
    if backend is None:
        return [outside] if _is_from_aws(error, code_and_text[0]) else []
    for call in reversed(backend.calls):
        if call.error and (call.error.code, call.error.message) == code_and_text:
            return hints.of_call(backend, call)
    return []


def _code_and_text(error: BaseException) -> tuple[Any, Any]:
    """The code and text of a boto3 exception for an error response; None if it is another one."""
    response = getattr(error, "response", None)
    details = response.get("Error") if isinstance(response, dict) else None
    return (
        (details.get("Code"), details.get("Message")) if isinstance(details, dict) else (None, None)
    )


def _add_note(error: BaseException, note: str) -> None:
    # The exception of a fixture with a wider scope is raised again in every test that uses it.
    if hasattr(error, "add_note") and note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those it is chained to, as a traceback shows them."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_from_aws(error: BaseException, code: Any) -> bool:
    """Whether a client of SES failed because it called AWS, or tried to."""
    names = {class_.__name__ for class_ in type(error).__mro__}
    if not names & _UNREACHABLE and code not in _INVALID_CREDENTIALS:
        return False
    frames = list(_frames(error.__traceback__))
    # If a transport raised the exception, the failure was planned, although the backend has ended.
    is_planned = any(_module(frame).startswith("pytest_ses.") for frame in frames[-1:])
    return not is_planned and any(_service(frame) in _SES for frame in frames)


def _frames(traceback: TracebackType | None) -> Iterator[FrameType]:
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__"))


def _service(frame: FrameType) -> Any:
    """The service of a client that botocore creates or calls in this frame, or None."""
    read_service = _SERVICES.get(frame.f_code.co_name)
    return read_service(frame.f_locals) if read_service and "botocore" in _module(frame) else None
