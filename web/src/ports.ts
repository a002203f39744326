// What screens may ask of io/ without going through the state: pictures into elements, and all that moves by itself.

import type { Chosen, VoicemailEffect, VoicemailEvent } from './core/voicemail/words';

/** Ends what it was given for. */
export type End = () => void;

export interface Ports {
  /** Puts the picture of a track into an element. */
  attach(track: string, element: HTMLVideoElement): End;
  /** Puts the camera of pre-join into an element, whichever camera it is from time to time. */
  preview(element: HTMLVideoElement): End;
  /** The level of the microphone, 0 to 1, many times a second. */
  level(draw: (level: number) => void): End;
  /** Whether somebody speaks; told at once and at each change. */
  speaking(identity: string, show: (on: boolean) => void): End;
  /** The element of the small window above all others, at once and at each change; null while there is none. */
  smallWindow(show: (place: HTMLElement | null) => void): End;
  /** Carries out what messages need, for one screen, and tells it what came of that. */
  voicemail(tell: (event: VoicemailEvent) => void, chosen: Chosen): { readonly run: (effect: VoicemailEffect) => void; readonly end: End };
  /** The title of the window, for as long as no other is given; the name of the server stands after it. */
  title(words: string): void;
  /** Calls at once and every second, with the time in milliseconds since 1970. */
  everySecond(tick: (now: number) => void): End;
}
