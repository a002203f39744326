// The choice of who may make rooms, in words; set-up and console ask the same.

import type { Create } from '../../proto/api.gen';
import type { Speech } from '../../i18n/text';
import type { ChoiceCard } from '../kit/Choices';

export const creators = (t: Speech): readonly ChoiceCard<Create>[] => [
  { value: 'signedIn', title: t('console.create.signedIn'), text: t('console.create.signedIn.text') },
  { value: 'invited', title: t('console.create.invited'), text: t('console.create.invited.text') },
  { value: 'anyone', title: t('console.create.anyone'), text: t('console.create.anyone.text') },
];
