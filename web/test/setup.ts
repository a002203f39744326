// Every test speaks every language.

import { learn } from '../src/i18n/text';

await learn('fr');
