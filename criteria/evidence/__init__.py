"""Evidence: files and addresses that bear out results, kept outside the web root.

`acts` writes, `reading` tells what bears out what, `contents` and `names` judge what arrives,
`keeping` knows where the bytes lie, `archive` packs them for one commune.
"""

from criteria.evidence.acts import attach, attach_address, link, unlink
from criteria.evidence.reading import Attached, Counted, attached, counted
from criteria.evidence.refusals import EvidenceRefused

__all__ = [
    "Attached",
    "Counted",
    "EvidenceRefused",
    "attach",
    "attach_address",
    "attached",
    "counted",
    "link",
    "unlink",
]
