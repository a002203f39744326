// Teaches every language the sentences of the connection test; whatever screen says one of them imports this.

import { test as en } from './en/test';
import { test as fr } from './fr/test';
import { teach } from './text';

teach({ en, fr });
