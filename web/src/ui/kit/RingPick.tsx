import type { ReactElement } from 'react';
import { BellRing, ChevronDown } from 'lucide-react';
import { devicesOf } from '../../core/selectors';
import { own } from '../../i18n/own';
import { RINGER } from '../../i18n/ringer';
import { useDispatch, useSelect, useSpeech } from '../context';
import { deviceName } from './DevicePick';
import { Menu, MenuChoice, MenuGroup } from './Menu';
import css from './SettingsDialog.module.css';

/** Where calls that come in ring, for whoever can be called and where the browser tells what there is. */
export function RingPick(): ReactElement | null {
  const t = useSpeech();
  const w = own(RINGER, t.tongue);
  const dispatch = useDispatch();
  const devices = useSelect((state) => state.devices);
  const known = useSelect(({ session }) => session.is === 'known');
  const list = devicesOf({ devices }, 'speaker');
  if (!known || list.length === 0) return null;
  const at = list.findIndex(({ id }) => id === devices.ringer);
  const found = list[at];
  const name = found ? deviceName(t, found, at) : w('same');
  return (
    <div className={css['ringer']}>
      <Menu
        label={t('device.named', { kind: w('title'), name })}
        className="select"
        side="down"
        align="start"
        face={<><BellRing className="i" aria-hidden="true" /><span className="ellipsis">{w('title')}: {name}</span><ChevronDown className="i" aria-hidden="true" /></>}
      >
        <MenuGroup name={w('title')}>
          <MenuChoice ticked={!found} onPick={() => dispatch({ type: 'devices/ring-on', id: null })}>{w('same')}</MenuChoice>
          {list.map((device, index) => (
            <MenuChoice key={device.id} ticked={device.id === devices.ringer} onPick={() => dispatch({ type: 'devices/ring-on', id: device.id })}>
              {deviceName(t, device, index)}
            </MenuChoice>
          ))}
        </MenuGroup>
      </Menu>
      <p className="hint">{w('text')}</p>
    </div>
  );
}
