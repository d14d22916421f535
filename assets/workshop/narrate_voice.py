"""The synthetic voice: espeak-ng 1.52 by its library, one sentence at a time.

espeak-ng is a GPL tool used when the sound is made; nothing of it is shipped.
"""

import ctypes
from dataclasses import dataclass

import espeakng_loader
import numpy as np

SYNCHRONOUS, UTF8, PHONEMES = 2, 1, 0x100
RATE_WPM, VOLUME, PITCH, RANGE, WORD_GAP = 1, 2, 3, 4, 7
SAMPLE_EVENT_END = 0


@dataclass(frozen=True)
class Voice:
    """How a language is spoken: espeak-ng's voice with its variant, speed and melody (0-100)."""

    name: str
    words_per_minute: int
    pitch: int
    melody: int


# Chosen by measure: see check_sound.py for level and gaps; the tones of `zh` were counted against their pinyin.
VOICES = {
    "zh": Voice("cmn-latn-pinyin+f2", 182, 48, 80),
    "en": Voice("gmw/en-GB-x-rp+f2", 152, 45, 55),
}


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Speaker:
    """One opened espeak-ng; `hz` is its sample rate."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.hz = self._library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
        self._library.espeak_Info.restype = ctypes.c_char_p
        self._library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_void_p,
            ctypes.c_void_p,
        ]
        self.version = self._library.espeak_Info(None).decode()
        self._heard: list[np.ndarray] = []
        self.words: list[tuple[float, int, int]] = []

        def receive(samples, count, events):
            if count > 0 and samples:
                self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
            at = 0
            while events[at].type != SAMPLE_EVENT_END:
                event = events[at]
                if event.type == 1:
                    self.words.append((event.audio_position / 1000, event.text_position, event.length))
                at += 1
            return 0

        # Held here so that it outlives every call of the library.
        self._receive = _Callback(receive)
        self._library.espeak_SetSynthCallback(self._receive)

    def say(self, text: str, voice: Voice) -> np.ndarray:
        """The sound of `text`, −1 to 1, without the silence around it; `words` then holds when each word begins."""
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise SystemExit(f"espeak-ng has no voice {voice.name}")
        settings = {RATE_WPM: voice.words_per_minute, VOLUME: 55, PITCH: voice.pitch, RANGE: voice.melody, WORD_GAP: 0}
        for key, value in settings.items():
            self._library.espeak_SetParameter(key, value, 0)
        # The breath in the voice is chance, begun anew with every sentence.
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(1935))
        self._heard, self.words = [], []
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 1, 0, UTF8 | PHONEMES, None, None)
        sound = np.concatenate(self._heard) / 32768.0
        loud = np.flatnonzero(np.abs(sound) > 0.004)
        first, last = max(int(loud[0]) - self.hz // 100, 0), int(loud[-1]) + self.hz // 40
        self.words = [(start - first / self.hz, at, length) for start, at, length in self.words]
        return sound[first:last]
