// Speaks into a room that nobody else is in: its server records what comes.

import { AudioPresets, Room, RoomEvent, Track } from 'livekit-client';

/** ICE gives up no sooner, and people wait no longer. */
const PATIENCE_MS = 10_000;

export interface Speaking {
  /** Sends the microphone from now on. */
  publish(): Promise<void>;
  end(): Promise<void>;
}

/** Finds a way to the server. Fails where there is none; `lost` says that it broke later on. */
export async function enterToSpeak(server: string, token: string, microphone: MediaStreamTrack, lost: () => void): Promise<Speaking> {
  const room = new Room({ singlePeerConnection: true, disconnectOnPageLeave: true });
  let ended = false;
  room.on(RoomEvent.Disconnected, () => {
    if (!ended) lost();
  });
  const end = async (): Promise<void> => {
    ended = true;
    // The track is whoever's that gave it.
    await room.disconnect(false).catch(() => undefined);
  };
  try {
    await room.connect(server, token, { maxRetries: 1, peerConnectionTimeout: PATIENCE_MS, websocketTimeout: PATIENCE_MS });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    // Silence is sent like speech: what is played later has no holes to fill.
    publish: async () => {
      await room.localParticipant.publishTrack(microphone, { source: Track.Source.Microphone, dtx: false, audioPreset: AudioPresets.speech });
    },
    end,
  };
}
