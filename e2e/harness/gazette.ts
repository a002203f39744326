/** A small site with a feed, for the news on home. */

import { createServer } from 'node:http';

/** What it says, the newest first, with the days on which it did. */
const NEWS = [
  ['The library opens on Sundays from June', 'Mon, 11 May 2026 08:00:00 GMT'],
  ['Choir rehearsals move to the large hall', 'Fri, 08 May 2026 17:30:00 GMT'],
  ['Who lends a ladder for the roof on Saturday?', 'Wed, 06 May 2026 10:00:00 GMT'],
] as const;

const item = ([title, at]: readonly [string, string], nth: number): string =>
  `<item><title>${title}</title><link>https://news.example/${nth}</link><pubDate>${at}</pubDate></item>`;

const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>Mill Lane Gazette</title><link>https://news.example/</link>
<description>What happens in the lane</description>${NEWS.map(item).join('')}</channel></rss>`;

/** The site. */
export interface Gazette {
  /** Of its feed. */
  readonly address: string;
  /** Of nothing. */
  readonly elsewhere: string;
  stop: () => Promise<void>;
}

/** Opens it on a port that the system chooses. */
export async function gazette(): Promise<Gazette> {
  const listener = createServer((request, response) => {
    const there = request.url === '/feed';
    response.writeHead(there ? 200 : 404, { 'content-type': 'application/rss+xml' }).end(there ? FEED : '');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const site = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const stop = async (): Promise<void> => {
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
  };
  return { address: `${site}/feed`, elsewhere: `${site}/gone`, stop };
}
