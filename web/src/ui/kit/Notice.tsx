import type { ReactElement } from 'react';
import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import type { Text } from '../../i18n/text';
import { useSpeech } from '../context';

const ICONS = { bad: CircleAlert, ok: CircleCheck, plain: Info } as const;

/** A sentence on its own ground: what went wrong, what is done, what is good to know. */
export function Notice({ tone, text }: { readonly tone: 'bad' | 'ok' | 'plain'; readonly text: Text | null }): ReactElement | null {
  const t = useSpeech();
  if (text === null) return null;
  const Icon = ICONS[tone];
  return (
    <div className={tone === 'plain' ? 'notice' : `notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon className="i" aria-hidden="true" /><span>{t.text(text)}</span>
    </div>
  );
}
