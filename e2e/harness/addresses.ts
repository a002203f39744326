/**
 * Whether a page is ever given the network address of somebody else: everything that comes into it is looked at, before the page
 * itself sees it. For the labs, in which everybody has addresses of their own (docs/netlab.md).
 */

import type { Tab } from './tab.ts';

/** The console's line begins with this where an address was found that is not the page's business. */
export const STRANGER = 'an address of somebody else: ';

/** And with this the first time that anything of a kind was looked at in a document: what is listed was really looked at. */
export const LOOKED = 'looked for addresses in: ';

/** The kinds of what comes in; `server`: the server's own address was found among them, so that another would be. */
export type Way = 'answer' | 'message' | 'description' | 'candidate' | 'data' | 'server';

/** Looks at whatever comes into the pages of a tab from now on, for the addresses of the Nth clients of a lab. */
export function lookForAddresses(tab: Tab, clients: readonly number[]): Promise<void> {
  // Of the machine itself, and of what stands before it (docs/netlab.md, hosts and addresses).
  return tab.prepare(look, { pattern: String.raw`\b10\.7[78]\.(?:${clients.join('|')})\.\d+`, stranger: STRANGER, looked: LOOKED });
}

/** Runs in every page, before its own scripts. Must not refer to anything outside itself. */
function look({ pattern, stranger, looked }: { pattern: string; stranger: string; looked: string }): void {
  const address = new RegExp(pattern);
  const ways = new Set<string>();
  const note = (way: string): void => {
    if (ways.has(way)) return;
    ways.add(way);
    console.debug(looked + way);
  };
  const text = (way: string, what: string): void => {
    note(way);
    if (/\b10\.77\.0\.1\b/.test(what)) note('server');
    const found = address.exec(what);
    if (found) console.error(`${stranger}${found[0]} in a ${way}: ${what.slice(Math.max(0, found.index - 200), found.index + 100)}`);
  };
  const any = (way: string, what: unknown): void => {
    if (typeof what === 'string') text(way, what);
    // Each byte as a letter: texts within a message in binary stay what they are.
    else if (what instanceof ArrayBuffer) text(way, new TextDecoder('latin1').decode(what));
    else if (what instanceof Blob) void what.arrayBuffer().then((bytes) => any(way, bytes));
  };

  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => any('message', data));
    }
  };

  const nativeFetch = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await nativeFetch(...asked);
    // The scripts and pictures of the page are the same for everybody.
    if (answer.url.includes('/api/')) {
      const heads = [...answer.headers].map((head) => head.join(': ')).join('\n');
      void answer.clone().arrayBuffer().then((body) => text('answer', `${heads}\n\n${new TextDecoder('latin1').decode(body)}`), () => undefined);
    }
    return answer;
  };

  const known = new WeakSet<RTCPeerConnection>();
  const { setRemoteDescription, addIceCandidate } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function (this: RTCPeerConnection, description: RTCSessionDescriptionInit): Promise<void> {
    text('description', description.sdp ?? '');
    if (!known.has(this)) {
      known.add(this);
      this.addEventListener('datachannel', ({ channel }) => channel.addEventListener('message', ({ data }) => any('data', data)));
    }
    return Reflect.apply(setRemoteDescription, this, [description]) as Promise<void>;
  };
  RTCPeerConnection.prototype.addIceCandidate = function (this: RTCPeerConnection, candidate?: RTCIceCandidateInit | null): Promise<void> {
    text('candidate', JSON.stringify(candidate ?? null));
    return Reflect.apply(addIceCandidate, this, [candidate]) as Promise<void>;
  };
}
