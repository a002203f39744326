import type { ReactElement, ReactNode } from 'react';
import { LANDING } from '../../kit/arrival';
import { Lamp } from '../../kit/Brand';
import { Door } from '../../kit/Door';
import css from './SetupPage.module.css';

/** The lamp and what is going on at the side, what to do beside it. */
export function SetupRoom({ title, intro, children }: {
  readonly title: string;
  readonly intro: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Door className={css['door']}>
      <div className={css['setup']}>
        <div className={css['intro']}>
          <Lamp className={css['art']} />
          <h1 className="display" {...LANDING}>{title}</h1>
          {intro}
        </div>
        {children}
      </div>
    </Door>
  );
}
