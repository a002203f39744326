// What a visit remembers for the next: name, look, devices. Kept in this browser alone.

import { recalled } from '../core/shortcuts';
import type { Capture, Contrast, Devices, Kind, Language, Settings, Theme } from '../core/state';
import { tongues } from '../i18n/text';
import { isFields } from '../proto/decode';

const PLACE = 'parlor';

export interface Remembered {
  readonly settings: Settings;
  readonly chosen: Readonly<Record<Kind | 'ringer', string | null>>;
  readonly wanted: Readonly<Record<Capture, boolean>>;
}

const oneOf = <T extends string>(value: unknown, members: readonly T[], fallback: T): T =>
  members.find((member) => member === value) ?? fallback;

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const CONTRASTS: readonly Contrast[] = ['system', 'more', 'normal'];
const LANGUAGES: readonly Language[] = tongues.map(({ tongue }) => tongue);

function spoken(): Language {
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.some((known) => known === tag));
  return oneOf(first, LANGUAGES, 'en');
}

function read(): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}');
    return isFields(value) ? value : {};
  } catch {
    return {}; // storage is closed in some private windows: nothing is remembered then
  }
}

export function recall(): Remembered {
  const kept = read();
  const text = (key: string): string | null => {
    const value = kept[key];
    return typeof value === 'string' ? value : null;
  };
  return {
    settings: {
      name: text('name') ?? '',
      theme: oneOf(kept['theme'], THEMES, 'system'),
      contrast: oneOf(kept['contrast'], CONTRASTS, 'system'),
      language: oneOf(kept['language'], LANGUAGES, spoken()),
      letterKeys: kept['letterKeys'] !== false,
      keys: recalled(kept['keys']),
      askAlone: kept['askAlone'] !== false,
    },
    chosen: { microphone: text('microphone'), camera: text('camera'), speaker: text('speaker'), ringer: text('ringer') },
    wanted: { microphone: kept['microphoneOn'] !== false, camera: kept['cameraOn'] !== false },
  };
}

export function keep(settings: Settings, devices: Devices): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify({
      ...settings,
      microphone: devices.microphone.chosen,
      camera: devices.camera.chosen,
      speaker: devices.speaker.chosen,
      ringer: devices.ringer,
      microphoneOn: devices.habit.microphone,
      cameraOn: devices.habit.camera,
    }));
  } catch {
    // as in read()
  }
}
