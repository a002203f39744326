import type { ReactElement } from 'react';
import type { ChangePolicy, Lobby, Policy } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Seg } from '../../kit/Seg';
import css from './RoomPage.module.css';

/** What the room lets people do; each switch counts at once, also for those who are in. */
export function PolicyForm({ policy }: { readonly policy: Policy }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const change = (part: ChangePolicy): void => dispatch({ type: 'room-page/policy', change: part });
  return (
    <section className={cx('card', css['form'])} aria-labelledby="policy">
      <h2 id="policy">{t('rooms.policy')}</h2>
      <Switch name={t('rooms.policy.guests')} text={t('rooms.policy.guests.text')} on={policy.guests} onTurn={(guests) => change({ guests })} />
      <div className={css['line']}>
        <span>{t('rooms.policy.lobby')}</span>
        <Seg<Lobby>
          label={t('rooms.policy.lobby')}
          value={policy.lobby}
          onPick={(lobby) => change({ lobby })}
          choices={[
            { value: 'off', face: t('rooms.policy.lobby.off') },
            { value: 'guests', face: t('rooms.policy.lobby.guests') },
            { value: 'everyone', face: t('rooms.policy.lobby.everyone') },
          ]}
        />
      </div>
      <Switch name={t('rooms.policy.locked')} text={t('rooms.policy.locked.text')} on={policy.locked} onTurn={(locked) => change({ locked })} />
      <div role="group" aria-labelledby="policy-may">
        <p id="policy-may" className="over">{t('rooms.policy.may')}</p>
        <Switch name={t('rooms.policy.microphone')} on={policy.microphone} onTurn={(microphone) => change({ microphone })} />
        <Switch name={t('rooms.policy.camera')} on={policy.camera} onTurn={(camera) => change({ camera })} />
        <Switch name={t('rooms.policy.share')} on={policy.share} onTurn={(share) => change({ share })} />
        <Switch name={t('rooms.policy.chat')} on={policy.chat} onTurn={(chat) => change({ chat })} />
      </div>
      <Switch name={t('rooms.policy.history')} on={policy.history} onTurn={(history) => change({ history })} />
    </section>
  );
}

function Switch({ name, text, on, onTurn }: {
  readonly name: string;
  readonly text?: string | undefined;
  readonly on: boolean;
  readonly onTurn: (on: boolean) => void;
}): ReactElement {
  return (
    <button type="button" role="switch" className={cx('switch', css['switch'])} aria-checked={on} onClick={() => onTurn(!on)}>
      <span className="grow">
        <span>{name}</span>
        {text !== undefined && <span className={cx('hint', css['hint'])}>{text}</span>}
      </span>
      <span className="track" aria-hidden="true" />
    </button>
  );
}
