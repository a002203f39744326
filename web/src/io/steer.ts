// What is changed about a running session, or looked at in it: nothing here waits for an answer.

import type { Effect } from '../core/effect';
import type { MediaSession } from './media-session';

type Steering = Extract<Effect, { type: 'share/pause' | 'share/sound' | 'share/mode' | 'call/device' | 'call/hush' | 'call/digit' | 'call/take' | 'call/turn-on-sound' | 'call/look-at-voice' }>;

export function steer(session: MediaSession, effect: Steering): void {
  switch (effect.type) {
    case 'share/pause':
      void session.pauseShare(effect.on);
      return;
    case 'share/sound':
      void session.soundShare(effect.on);
      return;
    case 'share/mode':
      void session.tuneShare(effect.mode);
      return;
    case 'call/device':
      void session.use(effect.kind, effect.id);
      return;
    case 'call/hush':
      session.hush(effect.on);
      return;
    case 'call/digit':
      session.press(effect);
      return;
    case 'call/take':
      session.take(effect.taking);
      return;
    case 'call/turn-on-sound':
      void session.turnOnSound();
      return;
    case 'call/look-at-voice':
      session.lookAtVoice();
  }
}
