// French, area by area as in English: a file with a missing or a foreign key does not compile.

import type { Catalogue } from '../text';
import { book } from './book';
import { calls } from './calls';
import { chat } from './chat';
import { devices } from './devices';
import { door } from './door';
import { home } from './home';
import { meeting } from './meeting';
import { people } from './people';
import { problem } from './problem';
import { quality } from './quality';
import { rooms } from './rooms';
import { shell } from './shell';
import { sign } from './sign';
import { stage } from './stage';
import { start } from './start';
import { talks } from './talks';

export const fr: Catalogue = {
  ...shell,
  ...start,
  ...devices,
  ...problem,
  ...door,
  ...meeting,
  ...sign,
  ...home,
  ...quality,
  ...rooms,
  ...stage,
  ...people,
  ...chat,
  ...calls,
  ...book,
  ...talks,
};
