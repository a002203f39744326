import { useLayoutEffect, useRef, type ReactElement } from 'react';
import { Smile } from 'lucide-react';
import { REACTIONS } from '../../core/meeting/acts';
import type { Rising } from '../../core/meeting/beside';
import { personOf } from '../../core/viewing';
import { useDispatch, useSpeech } from '../context';
import { Menu, MenuItem } from '../kit/Menu';
import { useMeeting } from './floor';
import css from './Reactions.module.css';

export function ReactKey(): ReactElement {
  const t = useSpeech();
  return (
    <Menu
      label={t('react')}
      className="key"
      side="up"
      align="center"
      face={<><Smile className="i" aria-hidden="true" /><span className="lbl">{t('react')}</span></>}
    >
      <ReactionRow />
    </Menu>
  );
}

/** The reactions in a row, in a menu. */
export function ReactionRow(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <EmojiRow name={t('react')} label={(emoji) => t('react.with', { emoji })} onPick={(emoji) => dispatch({ type: 'act', act: { act: 'react', emoji } })} />
  );
}

export function EmojiRow({ name, label, onPick }: {
  readonly name: string;
  readonly label: (emoji: string) => string;
  readonly onPick: (emoji: string) => void;
}): ReactElement {
  return (
    <div className={css['row']} role="group" aria-label={name}>
      {REACTIONS.map((emoji) => (
        <MenuItem key={emoji} className={css['one']} onPick={() => onPick(emoji)}>
          <span aria-hidden="true">{emoji}</span><span className="sr">{label(emoji)}</span>
        </MenuItem>
      ))}
    </div>
  );
}

/** What rises from the tiles of those who react. It is seen alone: who wants to hear it chooses so in the settings. */
export function RisingReactions(): ReactElement {
  const rising = useMeeting((meeting) => meeting.beside.rising);
  return <div className={css['layer']} aria-hidden="true">{rising.map((one) => <Rise key={one.id} rising={one} />)}</div>;
}

function Rise({ rising }: { readonly rising: Rising }): ReactElement {
  const ref = useRef<HTMLSpanElement>(null);
  const identities = useMeeting((meeting) => meeting.live?.people.find((one) => one.person === rising.person)?.identities ?? null);
  const name = useMeeting((meeting) => meeting.live?.people.find((one) => one.person === rising.person)?.name ?? '');
  // Where the tile is now; it rises from there even if the tiles move meanwhile.
  useLayoutEffect(() => {
    const mark = ref.current;
    if (!mark) return;
    const tile = [...document.querySelectorAll<HTMLElement>('[data-tile="camera"]')].find(({ dataset }) => {
      const identity = dataset['participant'] ?? '';
      return identities?.includes(identity) ?? personOf(identity) === rising.person;
    });
    const box = tile?.getBoundingClientRect();
    // Whoever is on another page reacts from the middle of the lower edge.
    const spread = ((rising.id * 37) % 40) - 20;
    mark.style.left = `${(box ? box.left + box.width / 2 : innerWidth / 2) + spread}px`;
    mark.style.top = `${box ? box.bottom - Math.min(64, box.height / 3) : innerHeight - 160}px`;
  }, [identities, rising]);
  return (
    <span ref={ref} className={css['rise']}>
      <span className={css['emoji']}>{rising.emoji}</span>
      {name !== '' && <span className={css['name']}>{name}</span>}
    </span>
  );
}
