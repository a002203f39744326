import type { ReactElement } from 'react';
import { Download, FileText } from 'lucide-react';
import type { File } from '../../../proto/api.gen';
import { useSelect, useSpeech } from '../../context';
import { kindOf, size } from './when';
import css from './Chat.module.css';

/** Where a file is; it is saved, never shown as a page. */
export const pathOfFile = (code: string, id: string): string => `/api/v1/rooms/${encodeURIComponent(code)}/files/${encodeURIComponent(id)}`;

/** A file that came with a line: its name, its size, and a small picture of a picture. */
export function FileCard({ file }: { readonly file: File }): ReactElement {
  const t = useSpeech();
  const code = useSelect(({ page }) => (page.at === 'room' || page.at === 'room-page' ? page.code : page.at === 'talks' ? (page.id ?? '') : ''));
  const path = pathOfFile(code, file.id);
  const label = t('chat.file.download', { name: file.name });
  return (
    <div className={css['words']}>
      {file.preview && (
        <a className={css['picture']} href={path} download={file.name} aria-label={label}>
          <img src={`${path}/preview`} width={file.preview[0]} height={file.preview[1]} alt={t('chat.file.picture', { name: file.name })} loading="lazy" />
        </a>
      )}
      <div className="file">
        <span className="frame grey"><FileText className="i" aria-hidden="true" /></span>
        <div className="grow">
          <div className="strong ellipsis">{file.name}</div>
          <div className="hint num">{t('chat.file.bytes', { kind: kindOf(file.name, file.kind), size: size(t, file.size) })}</div>
        </div>
        <a className="btn icon" href={path} download={file.name} aria-label={label} title={label}><Download className="i" aria-hidden="true" /></a>
      </div>
    </div>
  );
}
