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
    title.ring('Ben calls');
    page.title = 'Contacts · Parlor';
    title.ring(null);
    expect(page.title).toBe('Contacts · Parlor');
  });

  it('leaves what a page wrote itself', () => {
    const title = new WindowTitle();
    page.title = 'Console · Lampworks';
    title.call('Lampworks');
    expect(page.title).toBe('Console · Lampworks');
  });
});
