import type { ReactElement } from 'react';
import { iMay } from '../../../core/meeting/aside';
import { useDispatch, useSpeech } from '../../context';
import { useMeeting } from '../floor';
import { Composer } from './Composer';
import { Lines } from './Lines';
import { Panel } from './Panel';
import css from './Chat.module.css';

/** The chat of the room. */
export default function Chat(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const writes = useMeeting((meeting) => iMay(meeting.live, 'chat'));
  const give = (files: readonly File[]): void => dispatch({ type: 'chat/files', files });
  return (
    <Panel
      name="chat"
      title={t('chat.title')}
      close={t('chat.close')}
      drop={writes ? give : undefined}
      foot={writes ? <Composer onFiles={give} /> : <p className={css['closed']}>{t('chat.closed')}</p>}
    >
      <Lines />
    </Panel>
  );
}
