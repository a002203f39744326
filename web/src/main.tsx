// Puts the house together: state, store, world, screens.

import { createRoot } from 'react-dom/client';
import '@fontsource-variable/brygada-1918/wght.css';
import '@fontsource-variable/hanken-grotesk/wght.css';
import './look/tokens.css';
import './look/components.css';
import { begin } from './core/state';
import { learn } from './i18n/text';
import { plainly } from './io/api';
import { readBrowser } from './io/browser';
import { dress } from './io/dress';
import { recall } from './io/storage';
import { recallAsked } from './io/asked-kept';
import { recallNotices } from './io/notices-kept';
import { recallViewing } from './io/viewing-kept';
import { registerWorker } from './io/worker';
import { here } from './io/here';
import { recallDevice } from './io/device-key';
import { World } from './io/world';
import type { Ports } from './ports';
import { createStore } from './store';
import { App } from './ui/App';
import { AskContext } from './ui/context';

const kept = recall();
dress(kept.settings);

let ports: Ports | null = null;
const store = createStore(begin({ browser: readBrowser(), ...kept, viewing: recallViewing(), notices: recallNotices(), asked: recallAsked(), online: navigator.onLine, device: recallDevice() }), (dispatch) => {
  const world = new World(dispatch);
  world.watch();
  ports = world.ports;
  return (effect) => world.run(effect);
});
store.dispatch({ type: 'route', route: here() });
store.dispatch({ type: 'begin' });

const house = ports && { store, ports };
const draw = (): void => {
  const root = document.getElementById('root');
  if (root && house) createRoot(root).render(<AskContext value={plainly}><App house={house} /></AskContext>);
};
// The first words are in the right language; where it cannot be fetched, they are English.
learn(kept.settings.language).then(draw, draw);
registerWorker();
