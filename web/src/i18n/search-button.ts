// The button above every page that opens the search.

import type { Own } from './own';

const en = { 'search': 'Search people, rooms, messages' } as const;

const fr: Readonly<Record<keyof typeof en, string>> = { 'search': 'Chercher personnes, salles, messages' };

export const SEARCH_BUTTON: Own<keyof typeof en> = { en, fr };
