// What the person does beside the stage, and what io/ tells of files.

import type { Act, File } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import type { Panel } from './beside';
import type { Given } from './chat';
import type { Heard, Topic } from './notices';

export type BesideEvent =
  // opens a panel, or closes it when it is the one that is open
  | { readonly type: 'panel'; readonly panel: Panel }
  | { readonly type: 'panel/close' }
  // something that is done to the meeting, see `Act`
  | { readonly type: 'act'; readonly act: Act }
  // raises my hand, or lowers it
  | { readonly type: 'hand' }
  // the answer to a host who asked me to unmute
  | { readonly type: 'asked/answer'; readonly unmute: boolean }
  // I was signed out elsewhere, and sign in again
  | { readonly type: 'news/sign-in' };

export type ChatEvent =
  | { readonly type: 'chat/typed'; readonly text: string }
  // to whom alone the next line goes; null is everybody
  | { readonly type: 'chat/to'; readonly person: string | null }
  | { readonly type: 'chat/send' }
  | { readonly type: 'chat/reply'; readonly id: string | null }
  | { readonly type: 'chat/edit'; readonly id: string | null }
  | { readonly type: 'chat/delete'; readonly id: string }
  // puts an emoji under a line, or takes mine away
  | { readonly type: 'chat/react'; readonly id: string; readonly emoji: string }
  | { readonly type: 'chat/earlier' }
  // a line that did not go: once more, or never
  | { readonly type: 'chat/again'; readonly draft: number }
  | { readonly type: 'chat/drop'; readonly draft: number }
  | { readonly type: 'chat/files'; readonly files: readonly Given[] }
  | { readonly type: 'chat/without'; readonly upload: number }
  // how a file fares
  | { readonly type: 'upload/sent'; readonly upload: number; readonly sent: number }
  | { readonly type: 'upload/done'; readonly upload: number; readonly result: Result<File> };

export type NoticesEvent =
  | { readonly type: 'notices/said'; readonly topic: Topic; readonly on: boolean }
  | { readonly type: 'notices/sound'; readonly chime: Heard; readonly on: boolean }
  // notices of the system: wished for, and whether the browser lets us
  | { readonly type: 'notices/system'; readonly on: boolean }
  // that was offered in place, and is wished or not; `on` wakes this browser too when no page is open, as far as it can be woken
  | { readonly type: 'notices/offer'; readonly on: boolean }
  | { readonly type: 'notices/allowed'; readonly allowed: boolean; readonly wakes?: true };
