// The page of the connection test: its state, what can happen on it, and how it opens.

import type { Trial } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import type { Effect } from '../../effect';
import { ready, type Item, type Outcome, type Run } from '../../trial/run';

export interface TestPage {
  readonly at: 'test';
  /** The code of the room from whose door one came, or nothing. */
  readonly room: string;
  readonly run: Run;
}

export type TestEvent =
  /** The person begins, with camera and microphone or without; or again. */
  | { readonly type: 'test/begin'; readonly devices: boolean }
  | { readonly type: 'test/report' }
  /** Copies what is to be typed on the server. */
  | { readonly type: 'test/copy'; readonly text: string }
  /** Back to where one came from. */
  | { readonly type: 'test/close' }
  // as io/ tells of the run with this number
  | { readonly type: 'test/at'; readonly run: number; readonly item: Item }
  | { readonly type: 'test/trial'; readonly run: number; readonly result: Result<Trial> }
  | { readonly type: 'test/heard'; readonly run: number; readonly item: Item; readonly outcome: Outcome }
  | { readonly type: 'test/over'; readonly run: number };

export const openTest = (room: string): readonly [TestPage, readonly Effect[]] => [{ at: 'test', room, run: ready('all') }, []];
