import type { ReactElement } from 'react';
import { UsersRound } from 'lucide-react';
import { presenceOf } from '../../../core/calling/calling';
import { onlyOther } from '../../../core/talks/talks';
import type { Conversation } from '../../../proto/api.gen';
import { useSelect } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { PresenceMark } from '../../kit/PresenceMark';
import css from './TalksPage.module.css';

/** The other with a presence dot, or the sign of a group. */
export function TalkFace({ talk }: { readonly talk: Conversation }): ReactElement {
  const other = onlyOther(talk);
  const presence = useSelect((state) => presenceOf(state, other?.account ?? ''));
  if (talk.name !== undefined || other === null) {
    return <span className={cx('frame', css['group'])}><UsersRound className="i" aria-hidden="true" /></span>;
  }
  return <Cameo name={other.name} avatar={other.avatar} mark={<PresenceMark presence={presence} />} />;
}
