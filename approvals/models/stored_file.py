"""The content of files that agents send along."""

from django.db import models


class StoredFile(models.Model):
    """One content, by its digest; several requests may show it.

    `kept` is whether a request was announced with it. One that never was is forgotten after a while.
    """

    digest = models.CharField(max_length=71, primary_key=True)
    content = models.BinaryField()
    kept = models.BooleanField(default=False)
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stored_at"], name="file_not_kept", condition=models.Q(kept=False))]

    def __str__(self) -> str:
        return self.digest
