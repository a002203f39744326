import { memo, useState, type ReactElement } from 'react';
import { Mic, MicOff, Video } from 'lucide-react';
import type { Row } from '../../../core/meeting/people';
import { useSelect, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { givesBack } from '../../kit/gives-back';
import { Portrait } from '../Portrait';
import { PersonMenu } from './PersonMenu';
import { RemoveDialog, RenameDialog } from './PersonDialogs';
import css from './People.module.css';

/** Somebody in the room. */
export const PersonRow = memo(function PersonRow({ row }: { readonly row: Row }): ReactElement {
  const t = useSpeech();
  const [dialog, setDialog] = useState<'remove' | 'rename' | null>(null);
  // My own key is quicker than what comes back from the server.
  const mine = useSelect((state) => state.devices.microphone.wanted);
  const on = row.me ? mine : row.microphone;
  const close = (): void => setDialog(null);
  return (
    <li ref={givesBack} className="item" data-person={row.person}>
      <Portrait identity={row.person} name={row.name} size="sm" />
      <div className="grow">
        <div className="t">{row.me ? t('meeting.you', { name: row.name }) : row.name}</div>
        <Second row={row} />
      </div>
      <div className={cx('end', css['end'])}>
        {row.camera && <Video className="i" role="img" aria-label={t('people.camera.on')} />}
        {on
          ? <Mic className="i" role="img" aria-label={t('people.microphone.on')} />
          : <MicOff className={cx('i', css['off'])} role="img" aria-label={t('people.microphone.off')} />}
        {!row.me && <PersonMenu row={row} onDialog={setDialog} />}
      </div>
      {dialog === 'remove' && <RemoveDialog row={row} onClose={close} />}
      {dialog === 'rename' && <RenameDialog row={row} onClose={close} />}
    </li>
  );
});

/** What somebody is, and with how many devices, where that is worth a word. */
function Second({ row }: { readonly row: Row }): ReactElement | null {
  const t = useSpeech();
  const words = [
    ...(row.role === 'member' ? [] : [t(`people.role.${row.role}`)]),
    ...(row.spotlit ? [t('spotlight.mark')] : []),
    ...(row.identities.length > 1 ? [t.count('people.devices', row.identities.length)] : []),
  ];
  return words.length === 0 ? null : <div className="d">{words.join(', ')}</div>;
}
