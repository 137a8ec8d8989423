"""Static files under names that change with their contents."""

from pathlib import Path
from typing import Any, Final

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Brotli makes files a sixth smaller than gzip and takes its time: for what every page loads that is a moment, for all
# that the admin's pages and the description of the API bring along it would be half a minute.
_LARGEST_FOR_BROTLI: Final = 64 * 1024
_ON_EVERY_PAGE: Final = {"css", "js", "img", "django_htmx"}


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Whitenoise's own, also for what one script imports from another: a page never mixes two versions."""

    support_js_module_import_aggregation = True

    def create_compressor(self, **options: Any) -> Compressor:
        """Return what compresses a file by its absolute path."""
        return _ThriftyCompressor(Path(self.location), **options)


class _ThriftyCompressor(Compressor):  # type: ignore[misc]  # whitenoise has no types
    """Gzip for everything, and Brotli for what the pages load."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        self._folder = folder
        self._by_gzip_alone = Compressor(**options, use_brotli=False)

    def compress(self, path: str) -> Any:
        """Write the compressed files beside the one at ``path``, and return their paths."""
        place = Path(path)
        ours = place.relative_to(self._folder).parts[0] in _ON_EVERY_PAGE
        if ours and place.stat().st_size <= _LARGEST_FOR_BROTLI:
            return super().compress(path)
        return self._by_gzip_alone.compress(path)
