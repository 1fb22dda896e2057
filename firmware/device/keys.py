"""Public keys that may sign an image, 32 octets each. Their private halves are not in the project.

A release needs a key of its maintainers here: docs/signing.md. Without one, images are accepted
by the owner's setting alone.
"""

PUBLIC_KEYS: "tuple[bytes, ...]" = ()
