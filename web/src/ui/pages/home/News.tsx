import type { ReactElement } from 'react';
import { NEWS_AT_HOME, news } from '../../../core/pages/home/news';
import { own } from '../../../i18n/own';
import { SALON } from '../../../i18n/salon';
import { useSpeech } from '../../context';
import { usePart } from '../../kit/use-part';
import { day } from '../dates';
import css from './HomePage.module.css';

/** What the feeds say that the administrators named: texts and links alone. Nothing where there are none. */
export function News(): ReactElement | null {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const [{ items }] = usePart(news);
  if (items === null || items.length === 0) return null;
  return (
    <section aria-labelledby="news">
      <div className="sect"><h2 id="news">{w('news')}</h2></div>
      <ul className="card divide">
        {items.slice(0, NEWS_AT_HOME).map(({ title, source, link, at }) => (
          <li key={`${link} ${title}`} className="item">
            <div className="grow">
              {/* Whoever follows it is not told from where. */}
              <a className={`t ${css['headline'] ?? ''}`} href={link} target="_blank" rel="noreferrer">{title}</a>
              <div className={`d ${css['headline'] ?? ''}`}>{at === undefined ? source : `${source} · ${day(t.tongue, at)}`}</div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
