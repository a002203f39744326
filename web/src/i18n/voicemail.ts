// Teaches every language the sentences of messages; whatever screen says one of them imports this.

import { voicemail as en } from './en/voicemail';
import { voicemail as fr } from './fr/voicemail';
import { teach } from './text';

teach({ en, fr });
