// A part of the page as text, with a world behind it that does nothing.

import { createElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { State } from '../src/core/state';
import { speech } from '../src/i18n/text';
import type { Ports } from '../src/ports';
import { createStore } from '../src/store';
import { HouseContext, SpeechContext } from '../src/ui/context';

const nothing = () => () => undefined;
const PORTS: Ports = {
  attach: nothing, preview: nothing, level: nothing, speaking: nothing, smallWindow: nothing, everySecond: nothing, title: nothing,
  voicemail: () => ({ run: () => undefined, end: () => undefined }),
};

export const drawn = (state: State, element: ReactElement): string => renderToStaticMarkup(createElement(
  HouseContext, { value: { store: createStore(state, () => () => undefined), ports: PORTS } },
  createElement(SpeechContext, { value: speech(state.settings.language) }, element),
));
