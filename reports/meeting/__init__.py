"""The meeting of the steering committee: a deck, drawn on the screen or written as slides, and
the tasks that the meeting gives.
"""
