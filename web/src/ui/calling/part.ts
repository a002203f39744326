// Calls as parts of the page: whoever is signed in fetches them beforehand, so that a call finds them there.

import { later } from '../kit/later';

export const CallLayer = later(() => import('./CallLayer'));
export const EnteringScreen = later(() => import('./EnteringScreen'));
export const CallLeft = later(() => import('./CallLeft'));
