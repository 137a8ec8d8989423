"""The console's routes."""

from django.urls import path

from operations.views import run_page

app_name = "operations"
urlpatterns = [path("<slug:invocation_id>/", run_page, name="run")]
