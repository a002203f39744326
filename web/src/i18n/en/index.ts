// English: the catalogue that every other language must match, key by key and gap by gap. One file for each area.

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

export const en = {
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
} as const;
