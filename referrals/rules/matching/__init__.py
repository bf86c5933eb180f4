"""Is this child known? By what candidates are found, how two records compare, and how sure that makes it. Pure."""

from .blocking import Keys, family_sound, given_sound, keys
from .comparing import Band, Known, Likeness, likeness
from .sounds import LENGTH as SOUND_LENGTH

__all__ = ["SOUND_LENGTH", "Band", "Keys", "Known", "Likeness", "family_sound", "given_sound", "keys", "likeness"]
