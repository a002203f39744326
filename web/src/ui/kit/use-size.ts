import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Stage } from '../../core/layout/grid';

/** The size of an element in whole pixels; null until it is on the page. */
export function useSize(ref: RefObject<HTMLElement | null>): Stage | null {
  const [size, setSize] = useState<Stage | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      setSize((last) => (last && last.width === next.width && last.height === next.height ? last : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
