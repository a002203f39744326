// Whom to ring into a call, or to leave it to.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import type { State } from '../src/core/state';
import type { Tongue } from '../src/i18n/text';
import type { Call } from '../src/proto/api.gen';
import PickDialog from '../src/ui/calling/PickDialog';
import SeveralDialog from '../src/ui/calling/SeveralDialog';
import { drawn as drawnPage } from './drawn';
import { signedIn } from './helpers';

const CALL: Call = {
  id: 'CL_1', code: 'call-room', video: false, outgoing: true, began: 1, answered: 2, stage: { is: 'active' },
  others: [{ account: 'AC_2', name: 'Ben', caller: false, stage: { is: 'active' }, devices: 0 }],
};

function drawn(what: 'add' | 'transfer', directory: State['calling']['directory'], tongue: Tongue = 'en'): string {
  const state = signedIn();
  const calling: State['calling'] = { ...state.calling, directory, people: { AC_4: { account: 'AC_4', presence: 'available', since: 0 } } };
  return drawnPage({ ...state, calling, settings: { ...state.settings, language: tongue } }, createElement(PickDialog, { call: CALL, what, onClose: () => undefined }));
}

const ben = { account: 'AC_2', name: 'Ben' };
const people = [ben, { account: 'AC_3', name: 'Ada' }, { account: 'AC_4', name: 'Zoe' }];

describe('whom to pick in a call', () => {
  it('stands behind the others where they are offline, and can be rung all the same', () => {
    const add = drawn('add', people);
    expect(add.indexOf('Ada')).toBeGreaterThan(add.indexOf('Zoe'));
    expect(add).not.toContain('Ben');
    expect(`${add}${drawn('transfer', people)}`).not.toContain('disabled');
  });

  it('has buttons whose names begin with what is written on them', () => {
    for (const what of ['add', 'transfer'] as const) {
      for (const tongue of ['en', 'fr'] as const) {
        const buttons = drawn(what, people, tongue).split('<button').slice(1).map((one) => one.slice(0, one.indexOf('</button>')));
        const named = buttons.flatMap((one) => {
          const written = one.slice(one.indexOf('>')).replaceAll(/<[^>]*>|^>/g, '');
          return written === '' ? [] : [[/aria-label="([^"]*)"/.exec(one)?.[1] ?? '', written] as const];
        });
        expect(named.length).toBeGreaterThan(1);
        for (const [name, written] of named) expect(name.startsWith(written), `${name} / ${written}`).toBe(true);
      }
    }
  });

  it('says what is true where there is nobody', () => {
    expect(drawn('add', [ben])).toContain('There is nobody else to choose.');
  });
});

describe('whom to call together', () => {
  it('has a box each, those who are here first, and nothing to press until somebody is chosen', () => {
    const state = signedIn();
    const calling: State['calling'] = { ...state.calling, people: { AC_4: { account: 'AC_4', presence: 'available', since: 0 } } };
    const shown = drawnPage({ ...state, calling }, createElement(SeveralDialog, { people, onClose: () => undefined }));
    expect(shown.match(/type="checkbox"/g)).toHaveLength(3);
    expect(shown.indexOf('Ada')).toBeGreaterThan(shown.indexOf('Zoe'));
    expect(shown.match(/disabled=""/g)).toHaveLength(2);
  });
});
