import { callHere } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useSelect } from '../context';

/** The call that the room on the screen carries; nothing in a meeting. */
export const useCall = (): Call | null => useSelect(callHere);
