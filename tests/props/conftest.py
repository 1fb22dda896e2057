"""Settings of hypothesis: no time limit for an example, as a busy machine takes long for some."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
