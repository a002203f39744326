import { Fragment, useMemo, type ReactElement, type ReactNode } from 'react';
import { markdown, type Block, type Inline } from '../../../core/meeting/markdown';
import css from './Markdown.module.css';

/** Markdown as elements: React writes every text, so that nothing in it becomes markup. */
export function Markdown({ source, names }: {
  readonly source: string;
  /** Whoever is here: an `@name` of them stands out. */
  readonly names: readonly string[];
}): ReactElement {
  const blocks = useMemo(() => markdown(source), [source]);
  return <div className={css['text']} dir="auto">{blocks.map((block, index) => <Part key={index} block={block} names={names} />)}</div>;
}

function Part({ block, names }: { readonly block: Block; readonly names: readonly string[] }): ReactElement {
  switch (block.is) {
    case 'paragraph':
      return <p><Words inside={block.inside} names={names} /></p>;
    case 'code':
      return <pre><code>{block.text}</code></pre>;
    case 'quote':
      return <blockquote>{block.blocks.map((inner, index) => <Part key={index} block={inner} names={names} />)}</blockquote>;
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}><Words inside={item} names={names} /></li>);
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

function Words({ inside, names }: { readonly inside: readonly Inline[]; readonly names: readonly string[] }): ReactElement {
  return <>{inside.map((node, index) => <Fragment key={index}>{drawn(node, names)}</Fragment>)}</>;
}

function drawn(node: Inline, names: readonly string[]): ReactNode {
  switch (node.is) {
    case 'text': return mentioned(node.text, names);
    case 'break': return <br />;
    case 'code': return <code>{node.text}</code>;
    case 'strong': return <strong><Words inside={node.inside} names={names} /></strong>;
    case 'em': return <em><Words inside={node.inside} names={names} /></em>;
    case 'struck': return <s><Words inside={node.inside} names={names} /></s>;
    case 'link': return (
      // Where it leads is shown, whatever its words say.
      <a href={node.href} target="_blank" rel="noopener noreferrer nofollow" title={node.href}><Words inside={node.inside} names={[]} /></a>
    );
  }
}

/** Longer names first, so that "@Ann Marie" is not "@Ann". */
function mentioned(text: string, names: readonly string[]): ReactNode {
  if (!text.includes('@')) return text;
  const byLength = names.filter((name) => name !== '').toSorted((one, other) => other.length - one.length);
  const [first, ...rest] = text.split('@');
  return (
    <>
      {first}
      {rest.map((piece, index) => {
        const name = byLength.find((one) => piece.toLocaleLowerCase().startsWith(one.toLocaleLowerCase()));
        if (name === undefined) return `@${piece}`;
        return <Fragment key={index}><span className="mention">@{piece.slice(0, name.length)}</span>{piece.slice(name.length)}</Fragment>;
      })}
    </>
  );
}
