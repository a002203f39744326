// What livekit-client says went wrong, in our words.

import {
  ConnectionError, ConnectionErrorReason, DeviceUnsupportedError, DisconnectReason, LivekitError,
} from 'livekit-client';
import type { Capture, Ending, Trouble } from '../core/state';
import { troubleOf } from './devices';
import { EntryError } from './media-session';

export function reasonOf(reason: DisconnectReason | undefined): Ending {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED: return 'left';
    case DisconnectReason.DUPLICATE_IDENTITY: return 'elsewhere';
    case DisconnectReason.PARTICIPANT_REMOVED: return 'removed';
    case DisconnectReason.MIGRATION: return 'moved';
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED: return 'ended';
    case DisconnectReason.SERVER_SHUTDOWN: return 'restarting';
    default: return 'lost';
  }
}

export function entryError(error: unknown): EntryError {
  if (error instanceof ConnectionError) {
    switch (error.reason) {
      case ConnectionErrorReason.NotAllowed:
        return new EntryError('refused', error.message);
      case ConnectionErrorReason.LeaveRequest:
        return new EntryError(error.context === DisconnectReason.SERVER_SHUTDOWN ? 'stopping' : 'refused', error.message);
      case ConnectionErrorReason.InternalError:
        // With a context it is the socket that failed, without one it is sound and pictures.
        return new EntryError(error.context === undefined ? 'no-media' : 'unreachable', error.message);
      default:
        return new EntryError('unreachable', error.message);
    }
  }
  return new EntryError('no-media', error instanceof Error ? error.message : String(error));
}

/** Why nothing is sent of a device: it could not be had, or the meeting did not take it. */
export function sendingTrouble(error: unknown, kind: Capture): Promise<Trouble> {
  const taken = error instanceof LivekitError && !(error instanceof DeviceUnsupportedError);
  return taken ? Promise.resolve('not-sent') : troubleOf(error, kind);
}
