// The report of a connection test: plain text for whoever is asked for help, without a secret in it.

import { speech } from '../../i18n/text';
import type { State } from '../state';
import { itemsOf, type Run } from './run';
import { summaryOf } from './summary';
import { verdictOf } from './verdict';

/** When it was made and in which browser, which only io/ knows, stands in gaps. */
export const WHEN = '{when}';
export const AGENT = '{agent}';

/** A sentence without the signs that are drawn (see `remedy.ts`); brackets of addresses are none. */
const plain = (text: string): string => text.replace(/\*([^*]+)\*/g, '$1').replaceAll(' [icon]', '');

export function reportOf(state: Pick<State, 'browser' | 'server' | 'settings'>, run: Run): string {
  const t = speech(state.settings.language);
  const { browser } = state;
  const lines = [
    t('test.title'),
    `${browser.origin}  Parlor ${state.server?.version ?? '?'}`,
    WHEN,
    AGENT,
    '',
    t.text({ key: summaryOf(run, browser).title, args: {} }),
    '',
  ];
  for (const item of itemsOf(run.scope)) {
    const { is, text, figure, remedy } = verdictOf(item, run, browser);
    lines.push(`[${t(`test.badge.${is}`)}] ${t(`test.item.${item}`)}: ${plain(t.text(text))}${figure ? ` (${t.text(figure)})` : ''}`);
    for (const step of remedy) lines.push(`    ${plain(t.text(step))}`);
  }
  if (run.known) {
    lines.push('');
    for (const way of ['udp', 'tcp'] as const) lines.push(`${way.toUpperCase()}: ${run.known.ways[way].addresses.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}
