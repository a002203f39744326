// Teaches every language the sentences of the set-up and of the console; both pages import this, since they share some.

import { console as consoleInEnglish } from './en/console';
import { setup as setupInEnglish } from './en/setup';
import { console as consoleInFrench } from './fr/console';
import { setup as setupInFrench } from './fr/setup';
import { teach } from './text';

teach({ en: { ...consoleInEnglish, ...setupInEnglish }, fr: { ...consoleInFrench, ...setupInFrench } });
