import type { ReactElement } from 'react';
import { X } from 'lucide-react';
import type { Upload } from '../../../core/meeting/chat';
import { useDispatch, useSpeech } from '../../context';
import { givesBack } from '../../kit/gives-back';
import { pathOfFile } from './FileCard';
import { size } from './when';
import { useChat } from './view';
import css from './Chat.module.css';

/** Files on their way, or there and waiting for their line. */
export function Uploads(): ReactElement | null {
  const uploads = useChat(({ chat }) => chat.uploads);
  if (uploads.length === 0) return null;
  return <ul className={css['files']}>{uploads.map((upload) => <One key={upload.id} upload={upload} />)}</ul>;
}

function One({ upload }: { readonly upload: Upload }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const code = useChat((view) => view.code);
  const { file, name } = upload;
  const percent = upload.size === 0 ? 0 : Math.min(100, Math.floor((upload.sent / upload.size) * 100));
  const remove = t('chat.file.remove', { name });
  return (
    <li ref={givesBack} className={css['upload']}>
      <div className="grow">
        {file?.preview && <img className={css['thumb']} src={`${pathOfFile(code, file.id)}/preview`} alt="" />}
        <div className="ellipsis">{name}</div>
        <div className="hint num">{size(t, upload.size)}</div>
        {upload.state === 'sending' && (
          <div className="progress" role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} aria-label={t('chat.file.progress', { name, percent })}>
            <i style={{ width: `${percent}%` }} />
          </div>
        )}
        {upload.problem && <div className={css['problem']}>{t.text(upload.problem)}</div>}
      </div>
      <button type="button" className="btn icon low" aria-label={remove} title={remove} onClick={() => dispatch({ type: 'chat/without', upload: upload.id })}>
        <X className="i s" aria-hidden="true" />
      </button>
    </li>
  );
}
