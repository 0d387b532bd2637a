"""Decisions of recognition as the office sees them: the list, and whom a new one may name.

Recording is in ``criteria.recognition``.
"""
