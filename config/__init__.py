"""The Django project: settings from the environment, urls, asgi."""
