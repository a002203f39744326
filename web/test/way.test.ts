// When another way for the media is looked for: what happens to a line, told second by second.

import { describe, expect, it } from 'vitest';
import { LOOK_MS, looked, watch, type Look, type Remedy, type Watch } from '../src/core/way';
import { wayOf } from '../src/io/livekit-way';

/** Looks on for a while at a line that is as told; what was done, with the time since the line was first looked at. */
class Line {
  #watch: Watch = watch(0);
  #at = 0;
  #bytes = 0;

  for(ms: number, how: Partial<Look> & { readonly flows: boolean }): (readonly [number, Remedy])[] {
    const { flows, ...rest } = how;
    const done: (readonly [number, Remedy])[] = [];
    for (const end = this.#at + ms; this.#at < end;) {
      this.#at += LOOK_MS;
      if (flows) this.#bytes += 1_000;
      const look: Look = { at: this.#at, bytes: this.#bytes, age: null, expected: true, door: 'udp', unanswered: false, roundTrip: 30, moved: false, ...rest };
      const [next, remedy] = looked(this.#watch, look);
      this.#watch = next;
      if (remedy !== 'none') done.push([this.#at, remedy]);
    }
    return done;
  }
}

describe('a way', () => {
  it('that carries is left alone', () => {
    expect(new Line().for(600_000, { flows: true })).toEqual([]);
  });

  it('over which nothing has to come is left alone', () => {
    expect(new Line().for(600_000, { flows: false, expected: false })).toEqual([]);
  });

  it('that falls silent is looked for anew within a second, and ever more rarely', () => {
    const line = new Line();
    line.for(10_000, { flows: true });
    const tries = line.for(60_000, { flows: false }).map(([at, remedy]) => [at - 10_000, remedy]);
    expect(tries).toEqual([[1_000, 'search'], [5_000, 'search'], [13_000, 'search'], [29_000, 'search']]);
    line.for(1_000, { flows: true });
    expect(line.for(2_000, { flows: false })).toHaveLength(1);
  });

  it('is looked for sooner where the last packet is known to be old', () => {
    const line = new Line();
    line.for(10_000, { flows: true, age: 20 });
    expect(line.for(LOOK_MS, { flows: true, age: 450 })).toEqual([]);
    expect(line.for(LOOK_MS, { flows: false, age: 950 })).toEqual([]);
    expect(line.for(LOOK_MS, { flows: false, age: 1_450 })).toEqual([[11_500, 'search']]);
  });

  it('of who is heard by nobody but reports goes by those', () => {
    const line = new Line();
    expect(line.for(60_000, { flows: true, age: 60_000 })).toEqual([]);
  });

  it('is not waited for where the socket is silent too', () => {
    const line = new Line();
    line.for(10_000, { flows: true });
    expect(line.for(1_000, { flows: false })).toEqual([[11_000, 'search']]);
    expect(line.for(500, { flows: false, unanswered: true })).toEqual([[11_500, 'renew']]);
  });

  it('is given more time for an answer where answers take long', () => {
    const line = new Line();
    line.for(12_000, { flows: true });
    line.for(1_000, { flows: false });
    expect(line.for(2_000, { flows: false, unanswered: true, roundTrip: 500 })).toEqual([[15_000, 'renew']]);
  });

  it('keeps its socket while an answer is only slow', () => {
    const line = new Line();
    line.for(10_000, { flows: true });
    expect(line.for(LOOK_MS, { flows: true, moved: true })).toEqual([[10_500, 'search']]);
    expect(line.for(4_500, { flows: true, unanswered: true })).toEqual([]);
    expect(line.for(500, { flows: true, unanswered: true })).toEqual([[15_500, 'renew']]);
  });

  it('is looked for anew at once where the device says that it is in another network', () => {
    const line = new Line();
    line.for(1_000, { flows: true });
    expect(line.for(LOOK_MS, { flows: true, moved: true })).toEqual([[1_500, 'search']]);
  });

  it.each(['tcp', 'relay'] as const)('over %s is left for a better one when there is one, which is looked for ever more rarely', (door) => {
    const line = new Line();
    const tries = line.for(800_000, { flows: true, door }).map(([at]) => at - LOOK_MS);
    expect(tries).toEqual([20_000, 60_000, 140_000, 300_000, 600_000]);
    line.for(LOOK_MS, { flows: true, door: 'udp' });
    expect(line.for(21_000, { flows: true, door })).toHaveLength(1);
  });

  it('that falls silent while an offer is under way is not searched over it: that one asks the same', () => {
    const answered = new Line();
    answered.for(10_000, { flows: true });
    expect(answered.for(1_000, { flows: false, unanswered: true })).toEqual([]);
    expect(answered.for(500, { flows: false })).toEqual([[11_500, 'search']]);
    const lost = new Line();
    lost.for(10_000, { flows: true });
    lost.for(1_000, { flows: false, unanswered: true });
    expect(lost.for(500, { flows: false, unanswered: true })).toEqual([[11_500, 'renew']]);
  });

  it('of an offer that somebody else made is no reason for anything', () => {
    expect(new Line().for(20_000, { flows: true, unanswered: true })).toEqual([]);
  });
});

describe('what statistics say', () => {
  const sound = { id: 'a', type: 'inbound-rtp', bytesReceived: 70 };
  const pair = { id: 'p', type: 'candidate-pair', localCandidateId: 'l' };

  it('is read as Chromium writes it', () => {
    const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p', bytesReceived: 100 };
    const other = { id: 'q', type: 'candidate-pair', localCandidateId: 'm' };
    const read = (local: object): unknown => wayOf([sound, transport, other, pair, { id: 'l', type: 'local-candidate', ...local }], 0);
    expect(read({ candidateType: 'host', protocol: 'udp' })).toEqual({ bytes: 170, age: null, door: 'udp' });
    expect(read({ candidateType: 'host', protocol: 'tcp' })).toEqual({ bytes: 170, age: null, door: 'tcp' });
    expect(read({ candidateType: 'relay', protocol: 'udp' })).toEqual({ bytes: 170, age: null, door: 'relay' });
  });

  it('is read as Firefox writes it', () => {
    const local = { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'tcp' };
    expect(wayOf([{ ...sound, lastPacketReceivedTimestamp: 960 }, { ...pair, selected: true }, local], 1_000)).toEqual({ bytes: 70, age: 40, door: 'tcp' });
  });

  it('can be that there is no way', () => {
    expect(wayOf([pair, 'nothing'], 0)).toEqual({ bytes: 0, age: null, door: null });
  });
});
