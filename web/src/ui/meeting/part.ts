// The meeting as a part of the page, and what follows a door: whoever is not in one does not fetch it, and whoever stands at a door does.

import { later } from '../kit/later';

export const MeetingScreen = later(() => import('./MeetingScreen'));
export const LobbyScreen = later(() => import('../prejoin/LobbyScreen'));
export const LeftScreen = later(() => import('./LeftScreen'));
