"""The fixture `ses_smtp`."""

from __future__ import annotations

from projects import outcome

SEND_OVER_SMTP = """
import os, smtplib, ssl
from email.message import EmailMessage

def send():
    mime = EmailMessage()
    mime["From"], mime["To"], mime["Subject"] = "news@example.com", "ada@example.org", "Welcome"
    with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]), timeout=10) as client:
        client.starttls(context=ssl.create_default_context())
        client.login(os.environ["SMTP_USERNAME"], os.environ["SMTP_PASSWORD"])
        client.send_message(mime)

if __name__ == "__main__":
    send()
"""


def test_subprocess(project):
    """Another process sends with TLS, configured by environment variables only."""
    project.makepyfile(over_smtp=SEND_OVER_SMTP)
    outcome(
        project,
        """
        import os, subprocess, sys, pytest

        @pytest.mark.ses(verified=["example.com"], region="eu-central-1")
        def test_it(ses_smtp, ses_backend):
            environment = {**os.environ, **ses_smtp.environment}
            subprocess.run([sys.executable, "over_smtp.py"], env=environment, check=True)
            message = ses_backend.outbox.one(to="ada@example.org")
            assert (message.subject, message.region) == ("Welcome", "eu-central-1")
        """,
        passed=1,
    )


def test_handed_from_test_to_test(project):
    """One server serves the account of each test in turn, and none between them."""
    outcome(
        project,
        """
        import smtplib, pytest

        ports = []

        def test_first(ses_smtp):
            ports.append(ses_smtp.port)
            with smtplib.SMTP(ses_smtp.host, ses_smtp.port) as client:
                assert client.noop() == (250, b"Ok")

        def test_between():
            with pytest.raises(smtplib.SMTPConnectError, match="421"):
                smtplib.SMTP("127.0.0.1", ports[0])

        def test_second(ses_smtp, ses_backend):
            assert ses_smtp.backend is ses_backend
            assert ports == [ses_smtp.port]
        """,
        passed=3,
    )


def test_planned_failure(project):
    """Markers plan failures of the operation."""
    outcome(
        project,
        """
        import smtplib, pytest

        @pytest.mark.ses(verified=["example.com"])
        @pytest.mark.ses_throttle("smtp:SendSmtpEmail", times=1)
        def test_it(ses_smtp):
            with smtplib.SMTP(ses_smtp.host, ses_smtp.port) as client:
                client.login(ses_smtp.username, ses_smtp.password)
                with pytest.raises(smtplib.SMTPDataError, match="454"):
                    client.sendmail("a@example.com", "b@example.org", b"From: a@example.com")

        @pytest.mark.ses_each_error("SendSmtpEmail")
        def test_each(ses_backend, ses_each_error):
            assert ses_each_error
            with smtplib.SMTP_SSL("email-smtp.us-east-1.amazonaws.com") as client:
                client.login("AKIAX", "x")
                with pytest.raises(smtplib.SMTPDataError):
                    client.sendmail("a@example.com", "b@example.org", b"From: a@example.com")
        """,
        passed=6,
    )
