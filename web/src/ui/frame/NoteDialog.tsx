import { useState, type ReactElement } from 'react';
import { LONGEST_NOTE } from '../../core/calling/presence';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import css from './Frame.module.css';

/** A word beside how I am to be found. */
export default function NoteDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const kept = useSelect(({ calling }) => calling.said?.note ?? '');
  const [note, setNote] = useState(kept);
  const keep = (next: string): void => {
    onClose();
    dispatch({ type: 'presence/note', note: next });
  };
  return (
    <Dialog title={t('presence.note')} onClose={onClose}>
      <form
        className={css['note']}
        onSubmit={(event) => {
          event.preventDefault();
          keep(note);
        }}
      >
        <Field label={t('presence.note.label')} hint={t('presence.note.hint')} value={note} onType={setNote} autoComplete="off" maxLength={LONGEST_NOTE} />
        <div className="acts">
          {kept !== '' && <button type="button" className="btn plain" onClick={() => keep('')}>{t('presence.note.remove')}</button>}
          <button type="submit" className="btn primary">{t('save')}</button>
        </div>
      </form>
    </Dialog>
  );
}
