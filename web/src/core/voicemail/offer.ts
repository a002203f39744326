// Whether a call that came to nothing can be followed by a message.

import type { Call } from '../../proto/api.gen';
import { isOver, meantOf, takerOf } from '../calling/calling';

/** One other was called, and did not answer. */
export function mayLeave(call: Call): boolean {
  const [meant, more] = meantOf(call);
  const other = takerOf(call, meant?.account) ?? meant;
  if (!call.outgoing || call.answered !== undefined || !isOver(call) || other?.stage.is !== 'ended' || more) return false;
  switch (other.stage.why) {
    case 'noAnswer':
    case 'busy':
    case 'declined':
    case 'doNotDisturb':
    case 'unreachable':
    case 'voicemail': return true;
    case 'cancelled':
    case 'hungUp':
    case 'lost':
    case 'over':
    case 'failed':
    case 'merged':
    case 'transferred':
    case 'forwarded': return false;
  }
}
