import { Fragment, type ReactElement } from 'react';
import type { Speech, Key } from '../../i18n/text';
import { useSelect, useSpeech } from '../context';
import { Dialog } from './Dialog';
import css from './HelpDialog.module.css';

interface Line {
  readonly does: Extract<Key, `help.${string}`>;
  /** Keys that write something; they can be switched off. */
  readonly letters?: readonly string[];
  readonly others?: readonly string[];
}

function lines(t: Speech, share: boolean, fullscreen: boolean, pip: boolean): readonly Line[] {
  const ctrl = (key: string): string => t('key.ctrl', { key });
  return [
    { does: 'help.microphone', letters: ['M'], others: [ctrl('D')] },
    { does: 'help.talk', letters: [t('key.space')] },
    { does: 'help.camera', letters: ['V'], others: [ctrl('E')] },
    ...(share ? [{ does: 'help.share', letters: ['S'] } as const, { does: 'help.pause', letters: [t('key.shift', { key: 'S' })] } as const] : []),
    { does: 'help.hand', letters: ['H'] },
    { does: 'help.react', letters: ['1', '…', '8'] },
    { does: 'help.chat', letters: ['C'] },
    { does: 'help.people', letters: ['P'] },
    { does: 'help.layout', letters: ['L'] },
    ...(fullscreen ? [{ does: 'help.fullscreen', letters: ['F'] } as const] : []),
    ...(pip ? [{ does: 'help.pip', letters: ['I'] } as const] : []),
    { does: 'help.pin', others: [t('key.enter')] },
    { does: 'help.palette', letters: ['/'], others: [ctrl('K')] },
    { does: 'help.walk', others: ['F6'] },
    { does: 'help.bar', others: ['F2'] },
    { does: 'help.escape', others: [t('key.escape')] },
    { does: 'help.help', letters: ['?'], others: [ctrl('/')] },
  ];
}

export function HelpDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const { share, fullscreen, pictureInPicture } = useSelect((state) => state.browser);
  const letters = useSelect((state) => state.settings.letterKeys);
  const shown = lines(t, share, fullscreen, pictureInPicture !== 'none')
    .map((line) => ({ does: line.does, keys: [...(letters ? (line.letters ?? []) : []), ...(line.others ?? [])] }))
    .filter((line) => line.keys.length > 0);
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      <p className="hint">{t(letters ? 'help.hint' : 'help.off')}</p>
      <dl className={css['list']}>
        {shown.map((line) => (
          <div key={line.does}>
            <dt>{line.keys.map((key, index) => <Fragment key={key}>{index > 0 && ' '}<kbd>{key}</kbd></Fragment>)}</dt>
            <dd>{t(line.does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
