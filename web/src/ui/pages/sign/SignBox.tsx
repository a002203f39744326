import type { ReactElement, ReactNode } from 'react';
import { useSelect } from '../../context';
import { LANDING } from '../../kit/arrival';
import { Lamp } from '../../kit/Brand';
import { Door } from '../../kit/Door';
import css from './SignBox.module.css';

/** The card under the lamp, in which one signs in, signs up, or sets a new password. */
export function SignBox({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  const name = useSelect((state) => state.server?.name ?? '');
  return (
    <Door className={css['signin']}>
      <section className={`card ${css['box'] ?? ''}`}>
        <Lamp className={css['art']} />
        <h1 className="display" {...LANDING}>{title}</h1>
        <p className={`small ${css['place'] ?? ''}`}>{name}</p>
        {children}
      </section>
    </Door>
  );
}

/** A line with the word "or" in it. */
export const Or = ({ word }: { readonly word: string }): ReactElement => <div className={css['or']}><span>{word}</span></div>;

export const formClass = css['form'];
export const waysClass = css['ways'];
