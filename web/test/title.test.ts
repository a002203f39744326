import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WindowTitle } from '../src/io/title';

describe('the title of the window', () => {
  const page = { title: 'Parlor' };
  beforeEach(() => {
    page.title = 'Parlor';
    vi.stubGlobal('document', page);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('carries the name of the server as soon as that is known', () => {
    const title = new WindowTitle();
    title.show('Tea');
    expect(page.title).toBe('Tea · Parlor');
    title.call('Lampworks');
    expect(page.title).toBe('Tea · Lampworks');
    title.show(null);
    expect(page.title).toBe('Lampworks');
    title.call('Lamp · works');
    expect(page.title).toBe('Lamp · works');
    title.show('(2) Tea');
    expect(page.title).toBe('(2) Tea · Lamp · works');
  });

  it('says who calls, and comes back to what it was, or became meanwhile', () => {
    const title = new WindowTitle();
    title.show('Tea');
    title.ring('Ben calls');
    expect(page.title).toBe('Ben calls · Parlor');
    title.show('(1) Tea');
    expect(page.title).toBe('Ben calls · Parlor');
    title.ring(null);
    expect(page.title).toBe('(1) Tea · Parlor');
  });

  it('goes on to say who calls when a page is shown while it rings, and says that page afterwards', () => {
    const title = new WindowTitle();
    title.show('Contacts');
    title.ring('Ben calls');
    title.show('Home');
    title.show(null);
    title.show('(1) Home');
    title.call('Lampworks');
    expect(page.title).toBe('Ben calls · Lampworks');
    title.ring('Cleo calls');
    expect(page.title).toBe('Cleo calls · Lampworks');
    title.ring(null);
    expect(page.title).toBe('(1) Home · Lampworks');
  });

  it('is read back by nobody: what is written from elsewhere changes nothing', () => {
    const title = new WindowTitle();
    title.show('Tea');
    title.ring('Ben calls');
    page.title = 'Home · Parlor';
    title.ring(null);
    expect(page.title).toBe('Tea · Parlor');
  });
});
