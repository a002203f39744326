// What the server tells of a meeting, for transcripts.

import type { MeetingState } from '../src/proto/api.gen';

/** `me` with one other, as the server tells it; later ones have larger numbers. */
let number = 0;
export const meetingState = (change: Partial<MeetingState> = {}): MeetingState => ({
  number: ++number,
  me: 'me',
  role: 'member',
  policy: { guests: true, lobby: 'off', locked: false, microphone: true, camera: true, share: true, chat: true, history: true },
  people: [
    { person: 'me', name: 'Ines', role: change.role ?? 'member', identities: ['me'] },
    { person: 'ben', name: 'Ben', role: 'guest', identities: ['ben'] },
  ],
  hands: [],
  paused: false,
  waiting: [],
  marks: [],
  ...change,
});
