import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties of the look. */
    [property: `--${string}`]: string | number | undefined;
  }
}
