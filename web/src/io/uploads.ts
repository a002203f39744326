// Files on their way to a room, one after the other, with what has gone so far: only XMLHttpRequest tells of that.

import type { Event } from '../core/event';
import type { Given } from '../core/meeting/chat';
import type { File as RoomFile, Problem } from '../proto/api.gen';
import type { Result } from '../proto/calls';
import { isFile, isProblem } from '../proto/decode';

type Tell = (event: Event) => void;

interface Job {
  readonly code: string;
  readonly upload: number;
  readonly file: Given;
}

/** How often progress is told: the reducer is no place for every packet. */
const TELL_MS = 200;
/** As long as the server gives an upload. */
const PATIENCE_MS = 600_000;

const UNREADABLE: Problem = { code: 'unreadable', message: '' };

export class Uploads {
  readonly #tell: Tell;
  #waiting: readonly Job[] = [];
  #running: { readonly upload: number; readonly request: XMLHttpRequest } | null = null;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  start(job: Job): void {
    this.#waiting = [...this.#waiting, job];
    this.#next();
  }

  /** Takes back one, or all. Nothing is told of it any more. */
  stop(upload: number | null): void {
    this.#waiting = upload === null ? [] : this.#waiting.filter((job) => job.upload !== upload);
    if (!this.#running || (upload !== null && this.#running.upload !== upload)) return;
    const { request } = this.#running;
    this.#running = null;
    request.abort();
    this.#next();
  }

  #next(): void {
    const [job, ...rest] = this.#waiting;
    if (!job || this.#running) return;
    this.#waiting = rest;
    const request = new XMLHttpRequest();
    this.#running = { upload: job.upload, request };
    const current = (): boolean => this.#running?.request === request;
    let told = 0;
    request.upload.addEventListener('progress', (event) => {
      const now = performance.now();
      if (!current() || now - told < TELL_MS) return;
      told = now;
      this.#tell({ type: 'upload/sent', upload: job.upload, sent: event.loaded });
    });
    // Comes in every case, also after an error; after `stop` it is nobody's.
    request.addEventListener('loadend', () => {
      if (!current()) return;
      this.#running = null;
      this.#tell({ type: 'upload/done', upload: job.upload, result: outcome(request) });
      this.#next();
    });
    request.open('POST', `/api/v1/rooms/${encodeURIComponent(job.code)}/files?name=${encodeURIComponent(job.file.name)}`);
    // What it is the server finds out by itself; a type that a form could declare would be refused.
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.timeout = PATIENCE_MS;
    request.send(job.file instanceof Blob ? job.file : null);
  }
}

function outcome(request: XMLHttpRequest): Result<RoomFile> {
  if (request.status === 0) return { ok: false, problem: 'offline' };
  const value = parsed(request.responseText);
  if (request.status < 300) return isFile(value) ? { ok: true, value } : { ok: false, problem: UNREADABLE };
  return { ok: false, problem: isProblem(value) ? value : UNREADABLE };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
