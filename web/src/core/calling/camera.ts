// Somebody's camera comes on in a call that began without pictures: it is said, once of each.

import { say } from '../../i18n/text';
import { withBeside } from '../meeting/aside';
import type { Person } from '../participant';
import type { State } from '../state';
import { andThen, announce, inMeeting, stay, toast, type Step } from '../step';
import { personOf } from '../viewing';
import { callHere } from './calling';

/** Who of them shows a picture. */
export const withCameras = (people: readonly Person[]): readonly string[] => people.flatMap(({ identity, camera }) => (camera === null ? [] : [personOf(identity)]));

/** The others are these now. Who showed a picture when I came is seen; a camera that goes off and on again is no news. */
export const camerasOn = (state: State, others: readonly Person[]): Step => inMeeting(state, ({ beside: { cameras } }) => {
  // Whoever calls with pictures means to show them, and in a meeting everybody sees for themselves.
  if (callHere(state)?.video !== false) return stay(state);
  const fresh = others.filter(({ identity, camera }) => camera !== null && !cameras.includes(personOf(identity)));
  if (fresh.length === 0) return stay(state);
  const seen = withBeside(state, { cameras: [...cameras, ...withCameras(fresh)] });
  return fresh.reduce<Step>((step, { name }) => {
    const text = say('calling.camera.on', { name });
    return andThen(step, (now) => toast(announce(now, text), text));
  }, stay(seen));
});
