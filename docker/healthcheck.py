"""Exit 0 when the web process in this container can serve, database included."""

import http.client
import sys

PORT = 8000


def main() -> int:
    """Ask the process next to us."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
