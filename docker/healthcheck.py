"""Exit 0 when the web process in this container can serve, database included."""

import http.client
import os
import sys
from urllib.parse import urlsplit

PORT = 8000


def main() -> int:
    """Ask under the public name: Django answers under no other."""
    host = urlsplit(os.environ["COUNTERSIGN_PUBLIC_URL"]).netloc
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
