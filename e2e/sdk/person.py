"""A person at the unmodified Python SDK of LiveKit, led by JSON lines.

Each line on standard input is a command, `{"id": 1, "do": "join", ...}`; each line on standard output is its answer,
`{"id": 1, "ok": ...}` or `{"id": 1, "error": "..."}`. All that was received is counted here and handed out by `state`.
"""

import asyncio
import json
import math
import sys
import time

import numpy
from livekit import rtc

RATE = 48_000
"""Samples in a second, of the tone sent and of what is listened to."""

CHUNK = RATE // 100
"""Samples sent at once: 10 ms, as WebRTC itself works."""

WINDOW = RATE
"""Samples of one pitch measurement: a second gives bins of 1 Hz."""

WIDTH, HEIGHT, FRAME_RATE = 640, 360, 15

LOOK = 0.1
"""Seconds between two looks at what has come."""


class Person:
    def __init__(self):
        self.room = rtc.Room()
        self.frames = {}
        self.pitches = {}
        self.energies = {}
        self.data = []
        self.keys = []
        self.left = []
        self.tasks = set()
        self.publications = {}
        self.voices = {}
        self.past = 0
        self.noted = []
        self.events = []

    async def join(self, url, token, subscribe=True):
        self.room.on("track_subscribed", self.subscribed)
        self.room.on("track_unsubscribed", self.unsubscribed)
        self.room.on("data_received", self.received)
        self.room.on("sip_dtmf_received", self.pressed)
        self.room.on("participant_disconnected", lambda one: self.left.append(one.identity))
        for event in ("reconnecting", "reconnected", "disconnected"):
            self.room.on(event, lambda *why, event=event: self.events.append((now(), " ".join([event, *map(str, why)]))))
        self.spawn(self.note())
        await self.room.connect(url, token, rtc.RoomOptions(auto_subscribe=subscribe))
        return self.room.local_participant.identity

    async def leave(self):
        await self.room.disconnect()

    async def publish_tone(self, hertz, red=False):
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("tone", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=red)
        self.publications["tone"] = await self.room.local_participant.publish_track(track, options)
        self.spawn(self.play(source, hertz))

    async def publish_picture(self):
        source = rtc.VideoSource(WIDTH, HEIGHT)
        track = rtc.LocalVideoTrack.create_video_track("picture", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, video_codec=rtc.VideoCodec.VP8)
        self.publications["picture"] = await self.room.local_participant.publish_track(track, options)
        self.spawn(self.draw(source))

    async def mute(self, what, muted):
        track = self.publications[what].track
        if muted:
            track.mute()
        else:
            track.unmute()

    async def send(self, text, reliable, to=()):
        await self.room.local_participant.publish_data(text, reliable=reliable, destination_identities=list(to))

    async def press(self, code, digit):
        await self.room.local_participant.publish_dtmf(code=code, digit=digit)

    async def describe(self, metadata):
        await self.room.local_participant.set_metadata(metadata)

    async def beats(self, since):
        return [beat for beat in self.noted if beat["at"] >= since]

    async def happened(self, since):
        return [{"at": at, "what": what} for at, what in self.events if at >= since]

    async def sound(self):
        counted = [inbound for _, inbound in self.voices.values() if inbound is not None]
        return {
            "samples": sum(one.inbound.total_samples_received for one in counted),
            "concealed": sum(one.inbound.concealed_samples for one in counted),
            "silent": sum(one.inbound.silent_concealed_samples for one in counted),
        }

    async def note(self):
        """What has come, for as long as the process lives."""
        while True:
            for sid, (track, _) in list(self.voices.items()):
                try:
                    stats = await track.get_stats()
                except Exception:
                    continue  # of a track that has ended
                for one in stats:
                    if one.HasField("inbound_rtp") and sid in self.voices:
                        self.voices[sid] = (track, one.inbound_rtp)
            sounds = self.past + sum(one.received.packets_received for _, one in self.voices.values() if one is not None)
            self.noted.append({"at": now(), "frames": sum(self.frames.values()), "sounds": sounds})
            await asyncio.sleep(LOOK)

    async def state(self):
        return {
            "frames": self.frames,
            "pitches": self.pitches,
            "data": self.data,
            "keys": self.keys,
            "left": self.left,
            "others": {
                one.identity: {
                    "metadata": one.metadata,
                    "tracks": [
                        {"muted": track.muted, "subscribed": track.subscribed, "source": track.source}
                        for track in one.track_publications.values()
                    ],
                }
                for one in self.room.remote_participants.values()
            },
        }

    def spawn(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def subscribed(self, track, _publication, participant):
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            self.spawn(self.watch(track, participant.identity))
        else:
            self.voices[track.sid] = (track, None)
            self.spawn(self.listen(track, participant.identity))

    def unsubscribed(self, track, _publication, _participant):
        _, last = self.voices.pop(track.sid, (None, None))
        self.past += last.received.packets_received if last is not None else 0

    def received(self, packet):
        sender = packet.participant.identity if packet.participant else ""
        reliable = packet.kind == rtc.DataPacketKind.KIND_RELIABLE
        self.data.append({"from": sender, "text": packet.data.decode(), "reliable": reliable})

    def pressed(self, key):
        sender = key.participant.identity if key.participant else ""
        self.keys.append({"from": sender, "code": key.code, "digit": key.digit})

    async def watch(self, track, identity):
        async for _ in rtc.VideoStream(track):
            self.frames[identity] = self.frames.get(identity, 0) + 1

    async def listen(self, track, identity):
        samples = numpy.zeros(0)
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            samples = numpy.append(samples, numpy.frombuffer(event.frame.data, dtype=numpy.int16))
            if len(samples) >= WINDOW:
                self.pitches[identity] = pitch(samples[:WINDOW])
                samples = samples[WINDOW:]

    async def play(self, source, hertz):
        start = 0
        while True:
            times = numpy.arange(start, start + CHUNK) / RATE
            wave = (numpy.sin(2 * math.pi * hertz * times) * 0.5 * 32_767).astype(numpy.int16)
            # Waits when the source is full, and so keeps the time.
            await source.capture_frame(rtc.AudioFrame(wave.tobytes(), RATE, 1, CHUNK))
            start += CHUNK

    async def draw(self, source):
        rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
        number = 0
        while True:
            picture = numpy.empty((HEIGHT, WIDTH, 4), dtype=numpy.uint8)
            picture[..., 0] = (columns + 4 * number) % 256
            picture[..., 1] = (rows + 2 * number) % 256
            picture[..., 2] = 128
            picture[..., 3] = 255
            source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, picture.tobytes()))
            number += 1
            # The camera's clock.
            await asyncio.sleep(1 / FRAME_RATE)


def now():
    """Milliseconds since 1970, as the pages of the tests note them."""
    return round(time.time() * 1000)


def pitch(samples):
    """The strongest pitch in hertz; 0 when there is next to no sound."""
    if numpy.sqrt(numpy.mean(samples**2)) < 50:
        return 0.0
    spectrum = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples))))
    best = int(numpy.argmax(spectrum[1:-1])) + 1
    left, middle, right = spectrum[best - 1 : best + 2]
    return float((best + (left - right) / (2 * (left - 2 * middle + right))) * RATE / len(samples))


def answer(**fields):
    print(json.dumps(fields), flush=True)


async def obey(person, command):
    number, verb = command.pop("id"), command.pop("do")
    try:
        answer(id=number, ok=await getattr(person, verb)(**command))
    except Exception as error:  # whatever the SDK raises is the answer
        answer(id=number, error=f"{type(error).__name__}: {error}")


async def main():
    person = Person()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    answer(ready=True)
    while line := await reader.readline():
        person.spawn(obey(person, json.loads(line)))


asyncio.run(main())
