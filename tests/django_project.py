"""A Django project that contains only the two webhook views."""

from __future__ import annotations

from functools import cache
from types import ModuleType

import django
from django.conf import settings


@cache
def configure():
    """Configure Django, which can be done only once in a process."""
    urls = ModuleType("urls")
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        ANYMAIL={"WEBHOOK_SECRET": "ada:secret", "AMAZON_SES_CLIENT_PARAMS": {}},
        AWS_SES_VERIFY_EVENT_SIGNATURES=True,
        INSTALLED_APPS=["anymail", "django_ses"],
        LOGGING_CONFIG=None,
        ROOT_URLCONF=urls,
        SECRET_KEY="none",
        USE_TZ=True,
    )
    django.setup()
    from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
    from django.urls import path
    from django_ses.views import SESEventWebhookView

    urls.urlpatterns = [
        path("anymail/amazon_ses/tracking/", AmazonSESTrackingWebhookView.as_view()),
        path("ses/event-webhook/", SESEventWebhookView.as_view()),
    ]
