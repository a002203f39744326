import { Fragment, useMemo, type ReactElement, type ReactNode } from 'react';
import { pieces, sameName } from '../../../core/meeting/mention';
import { markdown, type Block, type Inline } from '../../../core/meeting/markdown';
import css from './Markdown.module.css';

/** Markdown as elements: React writes every text, so that nothing in it becomes markup. */
export function Markdown({ source, names, me = '' }: {
  readonly source: string;
  /** Whoever is here: an `@name` of them stands out. */
  readonly names: readonly string[];
  /** My own name. */
  readonly me?: string | undefined;
}): ReactElement {
  const blocks = useMemo(() => markdown(source), [source]);
  return <div className={css['text']} dir="auto">{blocks.map((block, index) => <Part key={index} block={block} names={names} me={me} />)}</div>;
}

interface Named {
  readonly names: readonly string[];
  readonly me: string;
}

function Part({ block, names, me }: Named & { readonly block: Block }): ReactElement {
  switch (block.is) {
    case 'paragraph':
      return <p><Words inside={block.inside} names={names} me={me} /></p>;
    case 'code':
      return <pre><code>{block.text}</code></pre>;
    case 'quote':
      return <blockquote>{block.blocks.map((inner, index) => <Part key={index} block={inner} names={names} me={me} />)}</blockquote>;
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}><Words inside={item} names={names} me={me} /></li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

function Words({ inside, names, me }: Named & { readonly inside: readonly Inline[] }): ReactElement {
  return <>{inside.map((node, index) => <Fragment key={index}>{drawn(node, names, me)}</Fragment>)}</>;
}

function drawn(node: Inline, names: readonly string[], me: string): ReactNode {
  switch (node.is) {
    case 'text': return mentioned(node.text, names, me);
    case 'break': return <br />;
    case 'code': return <code>{node.text}</code>;
    case 'strong': return <strong><Words inside={node.inside} names={names} me={me} /></strong>;
    case 'em': return <em><Words inside={node.inside} names={names} me={me} /></em>;
    case 'struck': return <s><Words inside={node.inside} names={names} me={me} /></s>;
    case 'link': return (
      // Where it leads is shown, whatever its words say.
      <a href={node.href} target="_blank" rel="noopener noreferrer nofollow" title={node.href}><Words inside={node.inside} names={[]} me={me} /></a>
    );
  }
}

/** The names of those who are here stand out, my own the most. */
function mentioned(text: string, names: readonly string[], me: string): ReactNode {
  if (!text.includes('@')) return text;
  return pieces(text, names).map((piece, index) => (piece.name === null
    ? <Fragment key={index}>{piece.text}</Fragment>
    : <span key={index} className={sameName(piece.name, me) ? 'mention me' : 'mention'}>{piece.text}</span>));
}
