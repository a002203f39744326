import { Fragment, type ReactElement } from 'react';
import { SlidersHorizontal } from 'lucide-react';
import css from './Rich.module.css';

/** A sentence with its signs drawn: *word* is strong, [icon] is the mark that browsers show beside an address. */
export function Rich({ words }: { readonly words: string }): ReactElement {
  return (
    <>
      {words.split(/(\*[^*]+\*|\[icon\])/).map((part, index) => {
        if (part === '[icon]') return <SlidersHorizontal key={index} className={`i s ${css['icon'] ?? ''}`} aria-hidden="true" />;
        if (part.startsWith('*') && part.endsWith('*') && part.length > 2) return <b key={index}>{part.slice(1, -1)}</b>;
        return <Fragment key={index}>{part}</Fragment>;
      })}
    </>
  );
}
