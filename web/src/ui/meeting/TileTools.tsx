import { memo, type ReactElement } from 'react';
import { EllipsisVertical, EyeOff, Pin, PinOff, Volume1, Volume2, VolumeX } from 'lucide-react';
import type { TileView } from '../../core/selectors';
import { VOLUME_STEP } from '../../core/viewing';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { Menu, MenuGroup, MenuItem } from '../kit/Menu';
import css from './TileTools.module.css';

/** What can be done to a tile for me alone; it is seen while the tile is pointed at or has the focus. */
export const TileTools = memo(function TileTools({ view }: { readonly view: TileView }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { person, me, kind, pinned, hushed } = view;
  const pin = (): void => dispatch({ type: 'stage/pin', key: view.key });
  const hush = (): void => dispatch({ type: 'view/hush', identity: person.identity });
  const louder = (by: number): void => dispatch({ type: 'view/volume', identity: person.identity, volume: view.volume + by });
  const pinName = t(pinned ? 'meeting.unpin' : 'meeting.pin');
  const hushName = t(hushed ? 'meeting.unhush' : 'meeting.hush');
  return (
    <div className={cx('acts', 'row', css['tools'], kind === 'share' && css['aside'])}>
      <button type="button" className={cx('btn', 'icon', css['more'])} aria-label={pinName} title={pinName} aria-pressed={pinned} onClick={pin}>
        {pinned ? <PinOff className="i s" aria-hidden="true" /> : <Pin className="i s" aria-hidden="true" />}
      </button>
      {!me && (
        <button type="button" className={cx('btn', 'icon', css['more'])} aria-label={hushName} title={hushName} aria-pressed={hushed} onClick={hush}>
          <VolumeX className="i s" aria-hidden="true" />
        </button>
      )}
      <Menu
        float
        label={t('meeting.tile-menu', { name: person.name })}
        className="btn icon"
        side="down"
        align="start"
        face={<EllipsisVertical className="i s" aria-hidden="true" />}
      >
        <MenuItem icon={pinned ? PinOff : Pin} onPick={pin}>{pinName}</MenuItem>
        {me && <MenuItem icon={EyeOff} onPick={() => dispatch({ type: 'view/self', hidden: true })}>{t('meeting.self.hide')}</MenuItem>}
        {!me && (
          <>
            <MenuItem icon={VolumeX} onPick={hush}>{hushName}</MenuItem>
            <hr />
            <MenuGroup name={t('meeting.volume', { n: hushed ? 0 : view.volume })}>
              <MenuItem icon={Volume2} stays onPick={() => louder(VOLUME_STEP)}>{t('meeting.louder')}</MenuItem>
              <MenuItem icon={Volume1} stays onPick={() => louder(-VOLUME_STEP)}>{t('meeting.quieter')}</MenuItem>
            </MenuGroup>
          </>
        )}
      </Menu>
    </div>
  );
});
