// Messages that were spoken, as the server lists them.

import type { Voicemail } from './api.gen';
import { isFlag, isNumber, isText, listOf, maybe, shape, type Guard } from './shape';

export const isMails: Guard<Voicemail[]> = listOf(shape<Voicemail>({ id: isText, from: isText, name: isText, avatar: maybe(isText), at: isNumber, ms: isNumber, heard: isFlag }));
