"""A Django application in one file, with django-prometheus as its README has it: PORT."""

import sys

import django
from answers import answer
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path
from waitress import serve

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of a test",
    INSTALLED_APPS=["django_prometheus"],
    MIDDLEWARE=[
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ],
)
django.setup()


def view(request):
    """Each path of the load."""
    return HttpResponse("ok", status=answer(request.path))


urlpatterns = [*(path(name, view) for name in ("ok", "bad", "slow")), path("", include("django_prometheus.urls"))]
serve(get_wsgi_application(), host="127.0.0.1", port=int(sys.argv[1]), threads=16, _quiet=True)
