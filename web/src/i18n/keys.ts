// Teaches every language the sentences of the keys that are changed; whatever screen says one of them imports this.

import { keys as en } from './en/keys';
import { keys as fr } from './fr/keys';
import { teach } from './text';

teach({ en, fr });
