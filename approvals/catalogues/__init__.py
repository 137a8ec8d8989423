"""Catalogues of translations: gathered from code and templates, compiled for Django. No gettext tools are needed."""
