"""The embedded default: PostgreSQL and Valkey from wheels, for laptop, demo and tests only.

`python -m ntm_site.devservices` runs the demo. Nothing here is used when DATABASE_URL is set.
"""
