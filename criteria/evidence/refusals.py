"""Why evidence is not taken: in words for the person who sent it."""


class EvidenceRefused(ValueError):
    """Nothing was stored; the message says why and what to do."""
