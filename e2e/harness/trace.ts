/** Reads what Chromium's trace says of a page's main thread: how long scripts ran, and which. */

/** One event of the trace, of those fields that are read here; times in microseconds. */
interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** The time on the processor, without what other programs took. */
  tdur?: number;
  args?: {
    name?: string;
    data?: { functionName?: string; url?: string; lineNumber?: number; columnNumber?: number };
  };
}

/** What the main thread did in a window of time, in milliseconds of it. */
export interface Cost {
  /** Scripts, with their microtasks and what they call synchronously, and the collection of their garbage. */
  script: number;
  /** Of that, the garbage which is collected between scripts. */
  garbage: number;
  /** Styles, layout and paint, outside of scripts. */
  drawing: number;
  /** All tasks of the thread. */
  tasks: number;
  /** Where scripts were entered: the function, and milliseconds of it; the longest first. */
  entries: { what: string; ms: number; times: number }[];
}

/** The whole of which counts as script. */
const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'RunMicrotasks', 'v8.compile', 'V8.CompileCode', 'EventDispatch']);
const GARBAGE = new Set(['MinorGC', 'MajorGC', 'V8.GCScavenger', 'V8.GCIncrementalMarking', 'V8.GCFinalizeMC', 'V8.GC_BACKGROUND']);
const DRAWING = new Set(['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit', 'IntersectionObserverController::computeIntersections']);

/** Categories that are needed for this, and no more: each costs the page something. */
export const CATEGORIES = ['-*', 'toplevel', 'devtools.timeline', 'v8', '__metadata'];

/** Sums up a trace, for the one page whose scripts come from `origin`. */
export function costOf(trace: Buffer, origin: string): Cost {
  const { traceEvents: events } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const main = events.find((one) => one.name === 'FunctionCall' && one.args?.data?.url?.startsWith(`${origin}/`));
  if (main === undefined) {
    throw new Error(`the trace has no script of ${origin}`);
  }
  const mine = events
    .filter((one) => one.ph === 'X' && one.pid === main.pid && one.tid === main.tid)
    .toSorted((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0));
  const outermost = (names: ReadonlySet<string>, outside: ReadonlySet<string> = new Set()): TraceEvent[] => {
    let end = 0;
    return mine.filter((one) => {
      if (one.ts < end || !(names.has(one.name) || outside.has(one.name))) {
        return false;
      }
      end = one.ts + (one.dur ?? 0);
      return names.has(one.name);
    });
  };
  const sum = (some: TraceEvent[]): number => some.reduce((total, one) => total + (one.tdur ?? one.dur ?? 0), 0) / 1000;
  const scripts = outermost(SCRIPT);
  const garbage = sum(outermost(GARBAGE, SCRIPT));
  const entries = new Map<string, { what: string; ms: number; times: number }>();
  for (const one of scripts) {
    const { functionName, url: file, lineNumber, columnNumber } = one.args?.data ?? {};
    const place = file === undefined ? '' : ` ${file.split('/').at(-1)}:${lineNumber ?? 0}:${columnNumber ?? 0}`;
    const what = `${one.name} ${functionName ?? ''}${place}`.trim();
    const entry = entries.get(what) ?? { what, ms: 0, times: 0 };
    entries.set(what, { what, ms: entry.ms + sum([one]), times: entry.times + 1 });
  }
  return {
    script: sum(scripts) + garbage,
    garbage,
    drawing: sum(outermost(DRAWING, SCRIPT)),
    tasks: sum(outermost(new Set(['ThreadControllerImpl::RunTask', 'RunTask']))),
    entries: [...entries.values()].toSorted((one, other) => other.ms - one.ms),
  };
}
