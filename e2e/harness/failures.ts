/** Each way in which camera or microphone may fail, how it is played, and what the page says: for specs and pictures. */

import type { Page } from '@playwright/test';

import { breakDevices, endCaptures, silenceMicrophone, unplugAll, useSockets, type DeviceTrouble } from './devices.ts';

/** One failure. */
export interface Failure {
  /** The name of its picture. */
  name: string;
  what: string;
  /** Before the page is opened. */
  prepare: (page: Page) => Promise<void>;
  /** Once the devices run; null where they never do. */
  happen: ((page: Page) => Promise<void>) | null;
  /** What the page calls it. */
  title: string;
  /** The way out that it shows. */
  remedy: string;
  /** What it means for joining; empty where the failure itself says it. */
  still: string;
}

const NOT_ALLOWED = 'they will not hear or see you until you allow it.';
const NEITHER = 'they will not hear or see you.';
const UNSEEN = 'they will hear you, but not see you.';
const UNHEARD = 'they will see you, but not hear you.';

function broken(trouble: DeviceTrouble): Pick<Failure, 'prepare' | 'happen'> {
  return { prepare: (page) => breakDevices(page, trouble), happen: null };
}

/** All of them. */
export const FAILURES: Failure[] = [
  {
    name: 'error-blocked',
    what: 'refused in the browser',
    ...broken({ error: 'NotAllowedError', message: 'Permission denied' }),
    title: 'The browser keeps your camera and microphone closed',
    remedy: 'beside the address of this page.',
    still: NOT_ALLOWED,
  },
  {
    name: 'error-system',
    what: 'refused by the operating system',
    ...broken({ error: 'NotAllowedError', message: 'Permission denied by system' }),
    title: 'Your system keeps the camera and microphone closed',
    remedy: 'Allow this browser to use the camera and microphone.',
    still: NOT_ALLOWED,
  },
  {
    name: 'error-none',
    what: 'no device',
    ...broken({ error: 'NotFoundError', message: 'Requested device not found' }),
    title: 'No camera and no microphone were found',
    remedy: 'Plug them in: that is noticed at once. Or join without.',
    still: NEITHER,
  },
  {
    name: 'error-no-camera',
    what: 'no camera, but a microphone',
    ...broken({ error: 'NotFoundError', message: 'Requested device not found', only: 'video' }),
    title: 'No camera was found',
    remedy: 'Plug one in: it is noticed at once. Or join without.',
    still: UNSEEN,
  },
  {
    name: 'error-no-microphone',
    what: 'no microphone, but a camera',
    ...broken({ error: 'NotFoundError', message: 'Requested device not found', only: 'audio' }),
    title: 'No microphone was found',
    remedy: 'Plug one in: it is noticed at once. Or join without.',
    still: UNHEARD,
  },
  {
    name: 'error-in-use',
    what: 'in use elsewhere',
    ...broken({ error: 'NotReadableError', message: 'Device in use' }),
    title: 'Another program holds your camera and microphone',
    remedy: 'Close the other program or tab which uses them, then try again.',
    still: NEITHER,
  },
  {
    name: 'error-failed',
    what: 'a failure that the browser does not explain',
    ...broken({ error: 'InvalidStateError', message: 'Invalid state' }),
    title: 'Your camera and microphone did not start',
    remedy: 'Unplug them and plug them in again, then try again. Or pick others below.',
    still: NEITHER,
  },
  {
    name: 'error-unplugged',
    what: 'unplugged',
    prepare: useSockets,
    happen: async (page) => {
      await unplugAll(page, 'videoinput');
      await unplugAll(page, 'audioinput');
    },
    title: 'Your camera and microphone were unplugged',
    remedy: 'Plug them in again: that is noticed at once. Or join without.',
    still: NEITHER,
  },
  {
    name: 'error-stopped',
    what: 'gone off by themselves',
    prepare: useSockets,
    happen: endCaptures,
    title: 'Your camera and microphone went off',
    remedy: 'The browser or the system turned that off. Try again.',
    still: NEITHER,
  },
  {
    name: 'error-silent',
    what: 'a microphone that is switched off',
    prepare: silenceMicrophone,
    happen: null,
    title: 'Your microphone is on but silent',
    remedy: 'check its switch, or pick another.',
    still: '',
  },
];
