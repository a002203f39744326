// Teaches every language the sentences of my account; its page imports this.

import { account as en } from './en/account';
import { account as fr } from './fr/account';
import { teach } from './text';

teach({ en, fr });
