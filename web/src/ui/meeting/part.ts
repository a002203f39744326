// The meeting as a part of the page: whoever is not in one does not fetch it, and whoever stands at a door does.

import { later } from '../kit/later';

export const MeetingScreen = later(() => import('./MeetingScreen'));
