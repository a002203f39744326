import { useMemo, type ReactElement } from 'react';
import { iMay } from '../../../core/meeting/aside';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { useFloor, useMeeting } from '../floor';
import { Composer } from './Composer';
import { Lines } from './Lines';
import { Panel } from './Panel';
import { ChatContext, meetingChat } from './view';
import css from './Chat.module.css';

/** The chat of the room. */
export default function Chat(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const floor = useFloor();
  const code = useSelect(({ page }) => (page.at === 'room' ? page.code : ''));
  const now = useMemo(() => () => meetingChat(floor.meeting(), code), [floor, code]);
  const writes = useMeeting((meeting) => iMay(meeting.live, 'chat'));
  const give = (files: readonly File[]): void => dispatch({ type: 'chat/files', files });
  return (
    <ChatContext value={now}>
      <Panel
        name="chat"
        title={t('chat.title')}
        close={t('chat.close')}
        drop={writes ? give : undefined}
        foot={writes ? <Composer onFiles={give} recipients /> : <p className={css['closed']}>{t('chat.closed')}</p>}
      >
        <Lines />
      </Panel>
    </ChatContext>
  );
}
