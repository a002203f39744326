import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { address, markdown, plain } from '../src/core/meeting/markdown';
import { Markdown } from '../src/ui/meeting/panels/Markdown';

const drawn = (source: string, names: readonly string[] = []): string =>
  renderToStaticMarkup(createElement(Markdown, { source, names })).replace(/^<div[^>]*>|<\/div>$/g, '');

describe('marks', () => {
  it('become what they mean', () => {
    expect(drawn('**bold** and *italic* and _too_ and ~~gone~~')).toBe('<p><strong>bold</strong> and <em>italic</em> and <em>too</em> and <s>gone</s></p>');
    expect(drawn('`a *b*`')).toBe('<p><code>a *b*</code></p>');
    expect(drawn('one\ntwo\n\nthree')).toBe('<p>one<br/>two</p><p>three</p>');
    expect(drawn('```js\nlet a = "<b>";\n```\nafter')).toBe('<pre><code>let a = &quot;&lt;b&gt;&quot;;</code></pre><p>after</p>');
    expect(drawn('> said\n> > before\nnow')).toBe('<blockquote><p>said</p><blockquote><p>before</p></blockquote></blockquote><p>now</p>');
    expect(drawn('- a\n- *b*\n\n3. c\n4. d')).toBe('<ul><li>a</li><li><em>b</em></li></ul><ol start="3"><li>c</li><li>d</li></ol>');
  });

  it('stay letters where they embrace nothing', () => {
    expect(drawn('2 * 3 * 4, snake_case_name, **')).toBe('<p>2 * 3 * 4, snake_case_name, **</p>');
    expect(drawn('\\*not\\*')).toBe('<p>*not*</p>');
    expect(drawn('```')).toBe('<p>```</p>');
  });

  it('name those who are here', () => {
    expect(drawn('@Ann Marie, ask @ann or @Bob', ['Ann', 'Ann Marie']))
      .toBe('<p><span class="mention">@Ann Marie</span>, ask <span class="mention">@ann</span> or @Bob</p>');
  });

  it('can be left out', () => {
    expect(plain('> **a** [b](https://c.example)\n- `d`')).toBe('a b d');
  });
});

describe('links', () => {
  it('open elsewhere, without a way back', () => {
    expect(drawn('see (https://a.example/b_c?d=1).')).toBe(
      '<p>see (<a href="https://a.example/b_c?d=1" target="_blank" rel="noopener noreferrer nofollow" title="https://a.example/b_c?d=1">https://a.example/b_c?d=1</a>).</p>',
    );
    expect(drawn('[**here**](https://a.example)')).toContain('<strong>here</strong></a>');
  });

  it('lead to the web or to mail, and nowhere else', () => {
    const hostile = [
      'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd',
      'blob:https://a', '//evil.example', '/r/abcd', '#x', 'https:evil', 'http://', 'https://a.example/\u202Egnp.exe', 'https://a\u200B.example', 'https://a.example\\@b',
      'mailto:', 'mailto:a b@c', `https://${'a'.repeat(3_000)}`,
    ];
    for (const href of hostile) expect(address(href), href).toBeNull();
    for (const href of hostile) expect(drawn(`[x](${href})`), href).not.toMatch(/href="(?!https?:\/\/[a-z])/i);
    expect(address('mailto:a@b.example')).not.toBeNull();
  });

  it('hold no links', () => {
    expect(drawn('[https://good.example](https://evil.example)').match(/<a /g)).toHaveLength(1);
  });
});

describe('hostile input', () => {
  it('never becomes markup', () => {
    const sources = [
      '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '**<b onclick=x>**', '[<svg/onload=x>](https://a.example)', '`</code><script>`',
      '```\n</code></pre><script>\n```', '[x](https://a.example/"onmouseover="x)', '> <iframe src=javascript:x>', '&lt;script&gt;', '@<b>',
    ];
    for (const source of sources) {
      const html = drawn(source, ['<b>']);
      const tags = [...html.matchAll(/<\/?([a-z]+)/gi)].map((match) => match[1]);
      expect(tags.filter((tag) => !['p', 'strong', 'a', 'code', 'pre', 'blockquote', 'span'].includes(tag ?? '')), source).toEqual([]);
      expect(html.replace(/"[^"]*"/g, ''), source).not.toMatch(/<[^>]*\son\w+=/i);
    }
  });

  it('takes no time and no depth', () => {
    const texts = [
      '*'.repeat(4_000), '**a '.repeat(1_000), '[a]('.repeat(1_000), '[['.repeat(2_000), '`'.repeat(3_999), '> '.repeat(2_000), '*_~'.repeat(1_300), '_a'.repeat(2_000),
      `${'('.repeat(10)}https://a.example/${')'.repeat(3_900)}`, '- '.repeat(2_000), '1. '.repeat(1_300), '\n'.repeat(4_000), '```\n'.repeat(1_000), 'https://'.repeat(500), '\\'.repeat(4_000),
    ];
    const from = performance.now();
    for (const text of texts) expect(markdown(text)).toBeDefined();
    expect(performance.now() - from).toBeLessThan(3_000);
    expect(drawn('> '.repeat(40) + 'deep').match(/<blockquote>/g)).toHaveLength(5);
  });
});
