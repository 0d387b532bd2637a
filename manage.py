#!/usr/bin/env python
"""Django's command line. Starts the embedded PostgreSQL for the commands that need a database."""

import os
import sys

# These read code and settings only; everything else may ask the database.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "startapp",
    "startproject",
    "version",
}


def needs_database(arguments: list[str]) -> bool:
    words = [word for word in arguments if not word.startswith("-")]
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    if not words or asks_for_help:
        return False
    return words[0] not in WITHOUT_DATABASE or "--database" in arguments


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ntm_site.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if not os.environ.get("DATABASE_URL") and needs_database(sys.argv[1:]) and settings.DEBUG:
        from ntm_site.devservices import postgres

        # Attached to what `make demo` runs, or started; stopped at exit by the last user.
        postgres.ensure_running(settings.DATA_DIR)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
