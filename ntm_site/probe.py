"""Does the web of this container answer? `python -m ntm_site.probe`: exit code 0 or 1.

Standard library only: it runs every half minute. It names an allowed host, because the site
refuses a visitor who asks for another.
"""

import os
import sys
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:8000/health/"


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
    request = urllib.request.Request(ADDRESS, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as error:
        print(error)  # kept by the engine, shown by `docker inspect`
        return 1


if __name__ == "__main__":
    sys.exit(main())
