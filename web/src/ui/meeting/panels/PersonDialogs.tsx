import { useState, type ReactElement } from 'react';
import type { Row } from '../../../core/meeting/people';
import { useDispatch, useSpeech } from '../../context';
import { Dialog } from '../../kit/Dialog';
import css from './People.module.css';

/** Sends somebody away: for now, or for good. */
export function RemoveDialog({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const remove = (mayReturn: boolean) => (): void => {
    onClose();
    dispatch({ type: 'act', act: { act: 'remove', person: row.person, mayReturn } });
  };
  return (
    <Dialog title={t('people.remove.title', { name: row.name })} onClose={onClose}>
      <p>{t('people.remove.text', { name: row.name })}</p>
      <div className="acts">
        <button type="button" className="btn plain" onClick={remove(false)}>{t('people.remove.for-good')}</button>
        <button type="button" className="btn danger" onClick={remove(true)}>{t('people.remove.may-return')}</button>
      </div>
    </Dialog>
  );
}

/** Gives somebody another name in this meeting. */
export function RenameDialog({ row, onClose }: { readonly row: Row; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const [name, setName] = useState(row.name);
  return (
    <Dialog title={t('people.rename.title', { name: row.name })} onClose={onClose}>
      <form
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = name.trim();
          if (wanted === '') return;
          onClose();
          if (wanted !== row.name) dispatch({ type: 'act', act: { act: 'rename', person: row.person, name: wanted } });
        }}
      >
        <div className="field">
          <label htmlFor="rename">{t('people.rename.label')}</label>
          <input id="rename" className="input" value={name} maxLength={128} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="acts"><button type="submit" className="btn primary" disabled={name.trim() === ''}>{t('people.rename')}</button></div>
      </form>
    </Dialog>
  );
}
