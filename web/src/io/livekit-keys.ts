// Keys of the keypad on their way, in the packets that LiveKit has for them: programs and telephones in the call know those too.

import { RoomEvent, type Room } from 'livekit-client';
import { codeOf, digitOf, Pace } from '../core/calling/keypad';
import { sound } from './key-tones';
import type { MediaListener, MediaSession } from './media-session';

/** Tells of those that others press. What is given back lets one sound, and sends mine. */
export function keys(room: Room, listener: Pick<MediaListener, 'digit'>): MediaSession['press'] {
  const pace = new Pace();
  room.on(RoomEvent.SipDTMFReceived, ({ code, digit: text }, from) => {
    const digit = digitOf(code, text);
    if (digit !== null && pace.takes(performance.now())) listener.digit(from?.identity ?? '', digit);
  });
  return ({ digit, send, speaker }) => {
    sound(digit, send, speaker);
    // Reliably and in order. What a line that breaks loses all the same is not said again: a digit that comes late is a wrong one.
    if (send) void room.localParticipant.publishDtmf(codeOf(digit), digit).catch(() => undefined);
  };
}
