import { describe, expect, it } from 'vitest';
import { leave, leavingOf, type Leaving, type LeavingEvent } from '../src/core/voicemail/leaving';
import { clockOf, EMPTY, mailbox } from '../src/core/voicemail/mailbox';
import { mayLeave } from '../src/core/voicemail/offer';
import { voicemail as en } from '../src/i18n/en/voicemail';
import { voicemail as fr } from '../src/i18n/fr/voicemail';
import { en as first } from '../src/i18n/en';
import { speech } from '../src/i18n/text';
import '../src/i18n/voicemail';
import type { Call, Voicemail, Why } from '../src/proto/api.gen';
import { bad, good, Play, signedIn } from './helpers';

const gaps = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe('the sentences of messages', () => {
  it('are the same in all languages, and come with their screens', () => {
    expect(Object.keys(fr).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [key, sentence] of Object.entries(en)) {
      expect(gaps(Object.entries(fr).find(([other]) => other === key)?.[1] ?? '')).toEqual(gaps(sentence));
      expect(Object.keys(first)).not.toContain(key);
    }
    for (const sentence of Object.values(en)) expect(sentence).not.toMatch(/!|oops|please/i);
    for (const sentence of Object.values(fr)) expect(sentence).not.toMatch(/[^\u202f][?!;:](?:\s|$)/);
    expect(speech('en')('voicemail.leave')).toBe('Leave a message');
    expect(speech('fr')('voicemail.leave.title', { name: 'Mei' })).toBe('Un message pour Mei');
  });
});

const call = (why: Why, change: Partial<Call> = {}): Call => ({
  id: 'CA_1', code: 'room', video: false, outgoing: true, began: 1, ended: 2, stage: { is: 'ended', why: 'over' },
  others: [{ account: 'AC_2', name: 'Ben', caller: false, stage: { is: 'ended', why }, devices: 0 }], ...change,
});

describe('a message is offered', () => {
  it('after a call of mine to one person who did not answer, and after no other', () => {
    for (const why of ['noAnswer', 'busy', 'declined', 'doNotDisturb', 'unreachable'] as const) expect(mayLeave(call(why))).toBe(true);
    for (const why of ['cancelled', 'hungUp', 'lost', 'over', 'failed', 'merged', 'transferred'] as const) expect(mayLeave(call(why))).toBe(false);
    expect(mayLeave(call('noAnswer', { outgoing: false }))).toBe(false);
    expect(mayLeave(call('noAnswer', { answered: 1 }))).toBe(false);
    const { ended: _on, ...going } = call('noAnswer', { stage: { is: 'connecting' } });
    expect(mayLeave(going)).toBe(false);
    expect(mayLeave(call('noAnswer', { others: [...call('noAnswer').others, ...call('busy').others] }))).toBe(false);
  });
});

/** What became of a message, and what was asked last. */
function through(...events: readonly LeavingEvent[]): readonly [Leaving, readonly string[]] {
  return events.reduce<readonly [Leaving, readonly string[]]>(([leaving, asked], event) => {
    const [next, effects] = leave(leaving, event);
    return [next, [...asked, ...effects.map(({ type }) => type)]];
  }, [leavingOf('CA_1', 'Mei'), []]);
}

/** What became of a greeting. */
const own = (...events: readonly LeavingEvent[]): Leaving => events.reduce((leaving, event) => leave(leaving, event)[0], leavingOf(null, ''));

const ready = { type: 'leaving/ready', id: 'VM_1', seconds: 180, greeting: null } as const;
const recording = { type: 'leaving/recording', at: 5 } as const;
const spoken = [{ type: 'leaving/begin' }, ready, recording, { type: 'leaving/stop' }, { type: 'leaving/stopped', ms: 4_000, kept: true }] as const;

describe('a message that is left', () => {
  it('is greeted, recorded, heard again and sent, each at its time', () => {
    const [leaving, asked] = through(...spoken, { type: 'leaving/send' }, { type: 'leaving/sent' });
    expect(leaving).toMatchObject({ phase: 'sent', id: 'VM_1', ms: 4_000, trouble: null });
    expect(asked).toEqual(['leaving/record', 'leaving/end', 'leaving/deliver']);
    for (const early of [{ type: 'leaving/stop' }, { type: 'leaving/send' }, recording] as const) {
      expect(through({ type: 'leaving/begin' }, early)[0].phase).toBe('opening');
    }
    expect(through(...spoken, { type: 'leaving/stop' }, ready, recording)[0].phase).toBe('spoken');
  });

  it('comes after a greeting that may be skipped, where there is one', () => {
    const greeted = { ...ready, greeting: 9_000 };
    expect(through({ type: 'leaving/begin' }, { type: 'leaving/skip' })[1]).toEqual(['leaving/record']);
    expect(through({ type: 'leaving/begin' }, ready, { type: 'leaving/skip' })[1]).toEqual(['leaving/record']);
    const [leaving, asked] = through({ type: 'leaving/begin' }, greeted, { type: 'leaving/skip' });
    expect(leaving).toMatchObject({ phase: 'greeting', greeting: 9_000 });
    expect(asked).toEqual(['leaving/record', 'leaving/skip']);
    expect(through({ type: 'leaving/begin' }, greeted, recording, { type: 'leaving/skip' })[1]).toEqual(['leaving/record']);
  });

  it('is my own greeting where there is no call, with words of its own', () => {
    expect(leave(leavingOf(null, ''), { type: 'leaving/begin' })[1]).toEqual([{ type: 'leaving/record', call: null }]);
    expect(own(...spoken, { type: 'leaving/send' }, { type: 'leaving/sent' })).toMatchObject({ phase: 'sent', call: null });
    expect(own(...spoken.slice(0, 4), { type: 'leaving/stopped', ms: 300, kept: false })).toMatchObject({ phase: 'failed', trouble: { key: 'voicemail.own.short' } });
    const failed = (code: string): Leaving => own(...spoken, { type: 'leaving/send' }, { type: 'leaving/failed', problem: { code, message: '' } });
    expect(failed('storage_full')).toMatchObject({ phase: 'spoken', trouble: { key: 'voicemail.own.full' } });
    expect(failed('not_found')).toMatchObject({ phase: 'failed', trouble: { key: 'voicemail.own.gone' } });
  });

  it('is not kept when it is too short, and begun anew when wished', () => {
    const short = [{ type: 'leaving/begin' }, ready, recording, { type: 'leaving/stop' }, { type: 'leaving/stopped', ms: 300, kept: false }] as const;
    expect(through(...short)[0]).toMatchObject({ phase: 'failed', trouble: { key: 'voicemail.short' } });
    const [leaving, asked] = through(...short, { type: 'leaving/begin' });
    expect(leaving).toMatchObject({ phase: 'opening', trouble: null, id: null });
    expect(asked.at(-1)).toBe('leaving/record');
    expect(through(...spoken, { type: 'leaving/send' }, { type: 'leaving/begin' })[0].phase).toBe('sending');
  });

  it('keeps what was said when the line breaks, and when it cannot be sent', () => {
    const [lost, asked] = through({ type: 'leaving/begin' }, ready, recording, { type: 'leaving/lost' });
    expect(lost).toMatchObject({ phase: 'stopping', trouble: { key: 'voicemail.lost' } });
    expect(asked.at(-1)).toBe('leaving/end');
    expect(through({ type: 'leaving/begin' }, ready, { type: 'leaving/lost' })[0].phase).toBe('failed');
    const offline = [{ type: 'leaving/begin' }, ready, recording, { type: 'leaving/lost' }, { type: 'leaving/failed', problem: 'offline' }] as const;
    expect(through(...offline)[0]).toMatchObject({ phase: 'waiting', id: 'VM_1', trouble: { key: 'trouble.network' } });
    const [again, ends] = through(...offline, { type: 'leaving/stop' });
    expect([again.phase, ends.at(-1)]).toEqual(['stopping', 'leaving/end']);
    const failed = (code: string): Leaving => through(...spoken, { type: 'leaving/send' }, { type: 'leaving/failed', problem: { code, message: '' } })[0];
    expect(failed('storage_full')).toMatchObject({ phase: 'spoken', trouble: { key: 'voicemail.full', args: { name: 'Mei' } } });
    expect(failed('not_found')).toMatchObject({ phase: 'failed', trouble: { key: 'voicemail.not-now' } });
    expect(through({ type: 'leaving/begin' }, { type: 'leaving/failed', problem: 'offline' })[0]).toMatchObject({ phase: 'failed', trouble: { key: 'trouble.network' } });
  });
});

describe('my messages', () => {
  const mail: Voicemail = { id: 'VM_1', from: 'AC_2', name: 'Ben', at: 1, ms: 61_900, heard: false };
  const [listed] = mailbox(EMPTY, { type: 'mail/listed', mails: [mail] });

  it('are marked and deleted at once, and asked for anew after a trouble', () => {
    expect(mailbox(EMPTY, { type: 'mail/look' })[1]).toEqual([{ type: 'mail/list' }]);
    const [heard, asked] = mailbox(listed, { type: 'mail/mark', id: 'VM_1', heard: true });
    expect(heard.mails?.[0]?.heard).toBe(true);
    expect(asked).toHaveLength(1);
    expect(mailbox(heard, { type: 'mail/mark', id: 'VM_1', heard: true })[1]).toEqual([]);
    expect(mailbox(listed, { type: 'mail/delete', id: 'VM_1' })[0].mails).toEqual([]);
    expect(mailbox(listed, { type: 'mail/failed', problem: 'offline' })[0]).toMatchObject({ mails: [mail], trouble: { key: 'trouble.network' } });
  });

  it('begin with a greeting, which is taken back at once', () => {
    expect(EMPTY.greeting).toBeUndefined();
    expect(mailbox(EMPTY, { type: 'mail/default' })[1]).toEqual([]);
    const [greeted] = mailbox(listed, { type: 'mail/greeting', ms: 4_000 });
    expect(greeted).toMatchObject({ greeting: 4_000, mails: [mail] });
    expect(mailbox(greeted, { type: 'mail/listed', mails: [] })[0]).toMatchObject({ greeting: 4_000, mails: [] });
    const [none, asked] = mailbox(greeted, { type: 'mail/default' });
    expect([none.greeting, asked]).toEqual([null, [{ type: 'mail/default' }]]);
    expect(mailbox(none, { type: 'mail/default' })[1]).toEqual([]);
  });

  it('are as long as clocks show it', () => {
    expect(clockOf(61_900)).toBe('1:01');
    expect(clockOf(0)).toBe('0:00');
  });

  it('are counted anew whenever something of them changed', () => {
    const play = new Play(signedIn()).on({ type: 'told', event: { event: 'voicemail' } });
    expect(play.asked('call')?.call).toEqual({ name: 'calls/missed', nth: 1 });
    play.on(good('calls/missed', { name: 'calls/missed', nth: 1 }, { count: 1, unheard: 2 }));
    expect(play.state.calling).toMatchObject({ missed: 1, unheard: 2, mail: 1 });
    play.on(bad('calls/missed', { name: 'calls/missed', nth: 1 }, 'offline'));
    expect(play.state.calling).toMatchObject({ unheard: 2 });
    // Whoever reads messages has not looked at the calls.
    play.on({ type: 'visit', route: { to: 'calls', person: '' } }, { type: 'past/only', only: 'voicemail' });
    expect(play.state.page).toMatchObject({ only: 'voicemail' });
    play.on(good('calls/past', { name: 'calls/past', missed: false, person: null, before: null }, []));
    expect(play.state.page).toMatchObject({ calls: null });
  });
});
