// A room of livekit-client as we want it, and the people in it as the state knows them.

import { ConnectionQuality, RemoteTrack, Room, Track, VideoPresets, type Participant } from 'livekit-client';
import type { Person } from '../core/state';
import { patient } from './livekit-line';
import { watchWay } from './livekit-way';

export const joined = (one: Participant): number => one.joinedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;

/** `lasting`: a page that is loaded anew comes back, and says goodbye only when its person does. */
export function makeRoom(speaker: string | null, lasting: boolean): Room {
  const room = new Room({
    // The true size in points of the screen: `core/taking.ts` says what a picture is worth at most.
    adaptiveStream: { pixelDensity: 'screen' },
    dynacast: true,
    singlePeerConnection: true,
    disconnectOnPageLeave: !lasting,
    reconnectPolicy: patient,
    publishDefaults: { simulcast: true, videoCodec: 'vp8' },
    videoCaptureDefaults: { resolution: VideoPresets.h720.resolution },
    ...(speaker === null ? {} : { audioOutput: { deviceId: speaker } }),
  });
  watchWay(room);
  return room;
}

/** A participant as the state knows them; `name` names their pictures. */
export function personOf(participant: Participant, name: (track: Track) => string): Person {
  const picture = (source: Track.Source): string | null => {
    const publication = participant.getTrackPublication(source);
    return publication?.track && !publication.isMuted ? name(publication.track) : null;
  };
  const held = (source: Track.Source): boolean => {
    const track = participant.getTrackPublication(source)?.track;
    return track instanceof RemoteTrack && track.streamState === Track.StreamState.Paused;
  };
  const screen = participant.getTrackPublication(Track.Source.ScreenShare);
  const quality = participant.connectionQuality;
  return {
    identity: participant.identity,
    name: participant.name ?? participant.identity,
    microphone: participant.isMicrophoneEnabled,
    camera: picture(Track.Source.Camera),
    cameraHeld: held(Track.Source.Camera),
    share: screen?.trackSid ?? null,
    screen: screen?.track ? name(screen.track) : null,
    screenHeld: held(Track.Source.ScreenShare),
    sharePaused: screen?.isMuted === true,
    connection: quality === ConnectionQuality.Lost ? 'lost' : quality === ConnectionQuality.Poor ? 'weak' : 'good',
  };
}
