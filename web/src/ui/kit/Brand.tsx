// The name and the lamp, drawn.

import type { ReactElement } from 'react';
import { useSelect, useSpeech } from '../context';
import css from './Brand.module.css';

const SHADE = 'M11.6 4h6.1a8.2 8.2 0 0 1 0 16.4h-6.1z';
const POLE = 'M8.4 4h3.2v21.6h4.9a1.2 1.2 0 0 1 0 2.4H3.6a1.2 1.2 0 0 1 0-2.4h4.8z';
const LETTERS = 'M40.2 28.4Q39 28.4 38.2 27.9Q37.3 27.4 36.9 26.4V17.2Q36.9 15 36.1 13.7Q35.3 12.3 33.2 12.3Q32.3 12.3 31.4 12.5Q30.6 12.7 29.9 13.2Q30.4 13.6 30.7 14.1Q31 14.6 31 15.2Q31 16.1 30.4 16.7Q29.7 17.3 28.9 17.3Q28 17.3 27.4 16.7Q26.7 16.1 26.7 15Q26.7 14 27.4 13.2Q28.1 12.4 29.2 11.9Q30.3 11.4 31.6 11.1Q32.9 10.8 34.2 10.8Q35.9 10.8 37.4 11.3Q38.9 11.9 39.9 13.1Q40.8 14.3 40.8 16.6V24.8Q40.8 25.3 41 25.8Q41.3 26.3 41.9 26.3Q42.4 26.3 42.7 25.9Q43.1 25.6 43.4 25.2L44.4 26.1Q44 26.7 43.4 27.2Q42.9 27.7 42.1 28Q41.4 28.4 40.2 28.4ZM31.8 28.4Q29 28.4 27.3 27Q25.7 25.6 25.7 23.5Q25.7 21.4 27.3 20Q29 18.6 31.8 18.6Q33.7 18.6 34.9 19.2Q36.2 19.8 36.9 20.6V22.3Q35.9 21.2 34.8 20.8Q33.8 20.3 32.8 20.3Q31.3 20.3 30.5 21.2Q29.6 22 29.6 23.5Q29.6 24.9 30.5 25.8Q31.3 26.7 32.8 26.7Q33.8 26.7 34.8 26.2Q35.9 25.8 36.9 24.7V26.4Q36.2 27.2 34.9 27.8Q33.7 28.4 31.8 28.4ZM52.2 15Q53.1 13.3 54.5 12.1Q55.9 10.8 57.9 10.8Q58.9 10.8 59.5 11.2Q60.1 11.6 60.4 12.2Q60.7 12.8 60.7 13.5Q60.7 14.6 60 15.3Q59.3 16 58.2 16Q57.1 16 56.3 15.3Q55.6 14.6 55.6 13.5Q55.6 13 55.9 12.5Q56.1 11.9 56.4 11.7L56.3 12.8Q55.7 13 55 13.5Q54.4 13.9 53.7 14.9Q53.1 15.9 52.2 17.7ZM52.2 26.5 52.4 26.7H56V28H45.7V26.7H48L48.2 26.5V12.7L48 12.4H45.7V11.2Q46.6 11.2 47.7 11.2Q48.7 11.2 49.7 11.1Q50.7 11 51.7 10.9L51.9 11.2V15H52.2ZM62.2 28V26.7H64.5L64.7 26.5V3.4L64.5 3.1H62.2V1.9Q63.1 1.9 64.2 1.8Q65.3 1.8 66.4 1.8Q67.5 1.7 68.4 1.6L68.7 1.9V26.5L68.9 26.7H71.2V28ZM82.6 10.8Q85 10.8 87 11.9Q88.9 12.9 90.1 14.9Q91.2 16.9 91.2 19.6Q91.2 22.3 90.1 24.3Q88.9 26.3 87 27.3Q85 28.4 82.6 28.4Q80.2 28.4 78.2 27.3Q76.3 26.3 75.1 24.3Q73.9 22.3 73.9 19.6Q73.9 16.9 75.1 14.9Q76.3 12.9 78.2 11.9Q80.2 10.8 82.6 10.8ZM82.8 27.1Q84.3 27.1 85.2 26.1Q86.1 25.1 86.5 23.5Q86.9 21.8 86.9 19.9Q86.9 17.4 86.2 15.7Q85.6 14 84.6 13Q83.6 12.1 82.4 12.1Q80.9 12.1 80 13.1Q79.1 14.1 78.7 15.7Q78.3 17.4 78.3 19.3Q78.3 21.7 78.9 23.5Q79.5 25.2 80.6 26.2Q81.6 27.1 82.8 27.1ZM100.9 15Q101.8 13.3 103.2 12.1Q104.7 10.8 106.6 10.8Q107.6 10.8 108.2 11.2Q108.9 11.6 109.2 12.2Q109.4 12.8 109.4 13.5Q109.4 14.6 108.7 15.3Q108 16 106.9 16Q105.8 16 105.1 15.3Q104.3 14.6 104.3 13.5Q104.3 13 104.6 12.5Q104.8 11.9 105.1 11.7L105.1 12.8Q104.4 13 103.8 13.5Q103.1 13.9 102.5 14.9Q101.8 15.9 100.9 17.7ZM100.9 26.5 101.2 26.7H104.7V28H94.4V26.7H96.7L97 26.5V12.7L96.7 12.4H94.4V11.2Q95.4 11.2 96.4 11.2Q97.4 11.2 98.4 11.1Q99.4 11 100.4 10.9L100.6 11.2V15H100.9Z';

/** The whole name, or the logo of the house in its place, leading home. */
export function Wordmark({ onHome }: { readonly onHome: () => void }): ReactElement {
  const t = useSpeech();
  const name = useSelect((state) => state.server?.name ?? 'Parlor');
  const logo = useSelect((state) => state.server?.branding.logo ?? null);
  return (
    <a
      className="brand"
      href="/"
      aria-label={t('app.home', { name })}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onHome();
      }}
    >
      {logo === null ? (
        <svg viewBox="0 0 112 32" aria-hidden="true">
          <path className="shade" d={SHADE} />
          <path className="pole" d={POLE} />
          <path className="pole" d={LETTERS} />
        </svg>
      ) : <img className={css['logo']} src={logo} alt="" />}
    </a>
  );
}

/** The P of the name alone. */
export function Lamppost(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path className="shade" d={SHADE} />
      <path className="pole" d={POLE} />
    </svg>
  );
}

/** The lamp of the house, lit. */
export function Lamp({ className }: { readonly className?: string | undefined }): ReactElement {
  return (
    <svg className={className} viewBox="0 0 120 120" aria-hidden="true">
      <defs>
        <radialGradient id="lamp-glow" cx=".5" cy=".5" r=".5">
          <stop offset="0" stopColor="var(--lamp)" stopOpacity="0.55" />
          <stop offset="1" stopColor="var(--lamp)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <circle cx="60" cy="50" r="56" fill="url(#lamp-glow)" />
      <path d="M58 56h4v48h-4z" fill="var(--ink)" />
      <path d="M42 104h36a3 3 0 0 1 0 6H42a3 3 0 0 1 0-6z" fill="var(--ink)" />
      <path d="M48 20h24l14 38H34z" fill="var(--lamp)" />
      <path d="M76 58v12" stroke="var(--ink)" strokeWidth="2" />
      <circle cx="76" cy="72" r="2.6" fill="var(--ink)" />
    </svg>
  );
}
