import { describe, expect, it } from 'vitest';
import { missedCalls, missedLines } from '../src/core/pages/home/missed';
import { feeds, news } from '../src/core/pages/home/news';
import { reachable, salon, unlisted } from '../src/core/pages/home/salon';
import { attendants, detailsOf, type Attendants } from '../src/core/programs/attendants';
import { passwords, type Passwords } from '../src/core/programs/passwords';
import type { Part, Wish } from '../src/core/part';
import { own } from '../src/i18n/own';
import { PROGRAMS } from '../src/i18n/programs';
import { SALON } from '../src/i18n/salon';
import type { AppPassword, Attendant } from '../src/proto/api.gen';

/** A part, told one thing after the other. */
class Acted<S, E> {
  state: S;
  wishes: readonly Wish<E>[];

  constructor(readonly part: Part<S, E>) {
    [this.state, this.wishes] = part.begin;
  }

  tell(...events: readonly E[]): this {
    for (const event of events) [this.state, this.wishes] = this.part.update(this.state, event);
    return this;
  }

  get asked(): readonly unknown[] {
    return this.wishes.map(({ method, path, body }) => (body === undefined ? `${method} ${path}` : [`${method} ${path}`, body]));
  }
}

const ok = (value: unknown) => ({ ok: true, value }) as const;
const refused = (code: string) => ({ ok: false, problem: { code, message: '' } }) as const;

const BELL: AppPassword = { id: 'p1', name: 'Door bell', createdAt: 1 };
const ATTENDS: Attendant = {
  channel: 'c1', user: { id: 'AC_1', name: 'ines', displayName: 'Ines' }, device: 'Door bell',
  details: [{ name: 'my_id', value: '7' }, { name: 'up', value: '' }], since: 5,
};

const passwordsListed = (): Acted<Passwords, Parameters<typeof passwords.update>[1]> => new Acted(passwords).tell({ type: 'listed', result: ok([BELL]) });

describe('app passwords', () => {
  it('are fetched at once, and made with a name', () => {
    expect(new Acted(passwords).asked).toEqual(['GET me/app-passwords']);
    const play = passwordsListed().tell({ type: 'name', name: '  ' }, { type: 'make' });
    expect(play.state.wrong?.key).toBe('trouble.name');
    expect(play.asked).toEqual([]);
    play.tell({ type: 'name', name: ' Bell ' }, { type: 'make' });
    expect(play.asked).toEqual([['POST me/app-passwords', { name: 'Bell' }]]);
    expect(play.tell({ type: 'make' }).asked).toEqual([]);
  });

  it('show the new one until it is put away', () => {
    const made = { appPassword: BELL, password: 'secret' };
    const play = passwordsListed().tell({ type: 'name', name: 'Bell' }, { type: 'make' }, { type: 'made', result: ok(made) });
    expect([play.state.made, play.state.name, play.state.busy]).toEqual([made, '', false]);
    expect(play.asked).toEqual(['GET me/app-passwords']);
    expect(play.tell({ type: 'close' }).state.made).toBeNull();
    expect(play.tell({ type: 'made', result: refused('too_many') }).state.wrong?.key).toBe('problem.too-many');
  });

  it('that went already are gone all the same', () => {
    expect(passwordsListed().tell({ type: 'remove', id: 'p/1' }).asked).toEqual(['DELETE me/app-passwords/p%2F1']);
    expect(passwordsListed().tell({ type: 'removed', result: refused('not_found') }).state.trouble).toBeNull();
    expect(passwordsListed().tell({ type: 'removed', result: { ok: false, problem: 'offline' } }).state.trouble?.key).toBe('trouble.network');
    expect(passwordsListed().tell({ type: 'listed', result: ok([{ id: 'p1' }]) }).state.trouble).not.toBeNull();
  });
});

const attendantsListed = (): Acted<Attendants, Parameters<typeof attendants.update>[1]> => new Acted(attendants).tell({ type: 'listed', result: ok([ATTENDS]) });

describe('programs that attend', () => {
  it('are shown with all that they said', () => {
    expect(new Acted(attendants).asked).toEqual(['GET attendance']);
    expect(detailsOf(ATTENDS)).toBe('my_id: 7 · up');
  });

  it('are sent a message, which is said when it is on its way', () => {
    const play = attendantsListed().tell({ type: 'write', to: 'c1' }, { type: 'send' });
    expect([play.state.wrong?.key, play.asked]).toEqual(['problem.bad-text', []]);
    play.tell({ type: 'message', message: ' Come in ' }, { type: 'send' });
    expect(play.asked).toEqual([['POST attendance/c1/notify', { message: 'Come in' }]]);
    expect(play.tell({ type: 'send' }).asked).toEqual([]);
    play.tell({ type: 'sent', to: 'c1', result: ok(null) });
    expect([play.state.to, play.state.sent, play.state.busy]).toEqual([null, 'c1', false]);
  });

  it('that are gone are written to no more', () => {
    const play = attendantsListed().tell({ type: 'write', to: 'c1' }, { type: 'message', message: 'x' }, { type: 'send' }, { type: 'sent', to: 'c1', result: refused('not_found') });
    expect([play.state.wrong?.key, play.asked]).toEqual(['problem.not-found', ['GET attendance']]);
    play.tell({ type: 'listed', result: ok([]) });
    expect([play.state.to, play.state.list]).toEqual([null, []]);
  });
});

const contact = (account: string) => ({ account, name: account });

const is = (account: string, presence: 'available' | 'busy') => ({ [account]: { account, presence, since: 0 } });

const call = (id: string) => ({ id, code: 'x', began: 0, outgoing: false, video: false, stage: { is: 'ended', why: 'noAnswer' }, others: [], devices: 0 });

const mail = (id: string, at: number, heard = false) => ({ id, from: 'AC_2', name: 'Mei', at, ms: 42_000, heard });

describe('home', () => {
  it('keeps what is being written when the one it is for comes in again', () => {
    const play = attendantsListed().tell({ type: 'write', to: 'c1' }, { type: 'message', message: 'Half a' });
    play.tell({ type: 'listed', result: ok([{ ...ATTENDS, channel: 'c2' }]) });
    expect(play.state).toMatchObject({ to: 'c2', message: 'Half a' });
    play.tell({ type: 'listed', result: ok([{ ...ATTENDS, channel: 'c3', device: 'Another' }]) });
    expect(play.state.to).toBeNull();
    // Of two that are alike, the other is not the one that was written to.
    const two = new Acted(attendants).tell({ type: 'listed', result: ok([ATTENDS, { ...ATTENDS, channel: 'c2' }]) }, { type: 'write', to: 'c1' });
    expect(two.tell({ type: 'listed', result: ok([{ ...ATTENDS, channel: 'c2' }]) }).state.to).toBeNull();
  });

  it('lists who is available, but for me', () => {
    const { state } = new Acted(salon).tell({ type: 'listed', result: ok(['me', 'a', 'b', 'c'].map(contact)) });
    const people = { ...is('me', 'available'), ...is('a', 'busy'), ...is('b', 'available') };
    expect(reachable(state, people, 'me').map(({ account }) => account)).toEqual(['b']);
    expect(reachable(new Acted(salon).state, people, 'me')).toEqual([]);
    expect([unlisted(state, people), unlisted(state, { ...people, ...is('y', 'available'), ...is('x', 'available'), ...is('z', 'busy') })]).toEqual(['', 'x y']);
    expect(new Acted(salon).tell({ type: 'again' }).asked).toEqual(['GET people']);
  });

  it('lists missed calls that were not looked at', () => {
    const play = new Acted(missedCalls).tell({ type: 'again' });
    expect(play.asked).toEqual(['GET calls?missed=true']);
    play.tell({ type: 'listed', result: refused('stopping') });
    expect(play.state.trouble?.key).toBe('trouble.stopping');
    play.tell({ type: 'listed', result: ok([{ call: call('CA_2'), missed: true }, { call: call('CA_1'), missed: false }]) });
    expect(play.state.calls?.map((one) => one.call.id)).toEqual(['CA_2']);
  });

  it('lists messages that were not heard, also where no call was missed, and what was played for as long as the page stands', () => {
    const play = new Acted(missedCalls).tell({ type: 'mails' });
    expect(play.asked).toEqual(['GET voicemail']);
    const mails = [mail('VM_2', 2_000), mail('VM_1', 500, true)];
    play.tell({ type: 'mailed', result: ok(mails) });
    const ids = (missed: number, unheard: number): readonly string[] => missedLines(play.state, missed, unheard).map((line) => (line.is === 'mail' ? line.mail.id : line.past.call.id));
    expect(ids(0, 1)).toEqual(['VM_2']);
    // The last first, calls and messages together.
    play.tell({ type: 'listed', result: ok([{ call: { ...call('CA_3'), began: 3_000 }, missed: true }, { call: { ...call('CA_1'), began: 1_000 }, missed: true }]) });
    expect(ids(2, 1)).toEqual(['CA_3', 'VM_2', 'CA_1']);
    expect(play.tell({ type: 'played', id: 'VM_2' }).asked).toEqual([['PATCH voicemail/VM_2', { heard: true }]]);
    expect(play.tell({ type: 'played', id: 'VM_2' }).asked).toEqual([]);
    // It was looked at and heard elsewhere, or here.
    play.tell({ type: 'mailed', result: ok([mail('VM_2', 2_000, true)]) });
    expect(ids(0, 0)).toEqual(['VM_2']);
    play.tell({ type: 'marked', result: refused('stopping') });
    expect(play.state.trouble?.key).toBe('trouble.stopping');
    play.tell({ type: 'mailed', result: ok([]) });
    expect(ids(0, 0)).toEqual([]);
  });
});

const item = (link: string) => ({ title: 'A', source: 'B', link });

describe('news', () => {
  it('are links of the web, whatever the server says', () => {
    const { state } = new Acted(news).tell({ type: 'listed', result: ok([item('https://a.example/'), item('javascript:alert(1)'), item('http://b.example/')]) });
    expect(state.items?.map(({ link }) => link)).toEqual(['https://a.example/', 'http://b.example/']);
  });

  it('come from feeds that are named anew as a whole', () => {
    const one = { address: 'https://a.example/', askedAt: 1 };
    const play = new Acted(feeds);
    expect(play.tell({ type: 'address', address: 'https://b.example/' }, { type: 'add' }).asked).toEqual([]);
    play.tell({ type: 'listed', changes: 0, result: ok([one]) }, { type: 'again' });
    expect(play.asked).toEqual([]);
    expect(play.tell({ type: 'add' }).asked).toEqual([['PUT news/feeds', { addresses: ['https://a.example/', 'https://b.example/'] }]]);
    expect(play.tell({ type: 'remove', address: one.address }).asked).toEqual([]);
    play.tell({ type: 'changed', result: refused('bad_setting') });
    expect([play.state.wrong?.key, play.state.address]).toEqual(['problem.bad-setting', 'https://b.example/']);
    play.tell({ type: 'changed', result: ok([one, { address: 'https://b.example/' }]) });
    expect([play.state.address, play.tell({ type: 'again' }).asked]).toEqual(['', ['GET news/feeds']]);
    expect(play.tell({ type: 'remove', address: one.address }).asked).toEqual([['PUT news/feeds', { addresses: ['https://b.example/'] }]]);
    // One that was asked for before the last change is of no use after it.
    play.tell({ type: 'changed', result: ok([{ address: 'https://b.example/' }]) }, { type: 'listed', changes: 0, result: ok([]) });
    expect(play.state.list).toEqual([{ address: 'https://b.example/' }]);
  });
});

const gaps = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe('sentences that come later', () => {
  it('have the same gaps in all languages, and the voice of the house', () => {
    for (const { en, fr } of [PROGRAMS, SALON]) {
      const french = new Map<string, string>(Object.entries(fr));
      for (const [key, sentence] of Object.entries(en)) {
        expect([key, gaps(french.get(key) ?? '')]).toEqual([key, gaps(sentence)]);
        expect(sentence).not.toMatch(/!|oops|please/i);
      }
      for (const sentence of french.values()) expect(sentence).not.toMatch(/[^\u202f][?!;:](?:\s|$)/);
    }
  });

  it('are filled as those of the page are', () => {
    expect(own(PROGRAMS, 'en')('passwords.remove', { name: 'Bell' })).toBe('Remove the app password Bell');
    expect(own(PROGRAMS, 'fr')('passwords.remove', { name: 'שלום' })).toContain('\u2068שלום\u2069');
  });
});
