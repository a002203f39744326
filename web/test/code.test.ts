import { describe, expect, it } from 'vitest';
import { readCode } from '../src/core/code';

const HERE = 'https://meet.example.org';

describe('a code or link', () => {
  it.each([
    'bolu-kesi-dafo',
    '  Bolu-Kesi-Dafo ',
    'bolu kesi dafo',
    'https://meet.example.org/r/bolu-kesi-dafo',
    'meet.example.org/r/bolu-kesi-dafo/',
    'HTTPS://MEET.EXAMPLE.ORG/r/bolu-kesi-dafo?x=1#y',
    '/r/bolu-kesi-dafo',
  ])('is read from %j', (text) => {
    expect(readCode(text, HERE)).toEqual({ is: 'code', code: 'bolu-kesi-dafo' });
  });

  it('is read on an address with a port', () => {
    expect(readCode('http://127.0.0.1:7880/r/a-room', 'http://127.0.0.1:7880')).toEqual({ is: 'code', code: 'a-room' });
    expect(readCode('localhost:7880/r/a-room', 'http://localhost:7880')).toEqual({ is: 'code', code: 'a-room' });
    expect(readCode('[::1]:7880/r/a-room', 'http://[::1]:7880')).toEqual({ is: 'code', code: 'a-room' });
  });

  it('is told from what it is not', () => {
    expect(readCode('  ', HERE)).toEqual({ is: 'empty' });
    expect(readCode('https://other.example/r/bolu-kesi-dafo', HERE)).toEqual({ is: 'elsewhere', host: 'other.example' });
    expect(readCode('https://meet.example.org/', HERE)).toEqual({ is: 'no-room' });
    expect(readCode('meet.example.org', HERE)).toEqual({ is: 'no-room' });
    expect(readCode('what?!', HERE)).toEqual({ is: 'not-a-code' });
    expect(readCode('a', HERE)).toEqual({ is: 'not-a-code' });
  });
});
