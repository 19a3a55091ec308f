import { createHash } from "node:crypto";
import type { AppError } from "./app-error";
import { headersOf, problemOf } from "./problems";

/** The class that answers are made of: a server may bring one that it can send without reading it back. */
export type ResponseClass = new (
  body: string | ReadableStream<Uint8Array> | null,
  init: { status: number; headers: Record<string, string> },
) => Response;

/** What holds for every answer of the API: it may not be cached, indexed, framed or sniffed. */
const PRIVATE = {
  "Cache-Control": "no-store",
  "X-Robots-Tag": "noindex",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Any site may call, since nothing here rests on cookies; these are the headers that its page may read. */
const OPEN = {
  ...PRIVATE,
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "WWW-Authenticate, Payment-Receipt, Retry-After, Idempotency-Replayed, X-Nostr-Token, Allow, Content-Location",
} as const;

export const PREFLIGHT_HEADERS = {
  ...OPEN,
  "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE, OPTIONS",
  "Access-Control-Allow-Headers":
    "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Nostr-Token, X-Refund-Token, trpc-accept",
  "Access-Control-Max-Age": "86400",
} as const;

const OPEN_JSON = { ...OPEN, "Content-Type": "application/json" } as const;

/** The paths that only our own pages and programs may call. */
export const isClosedToSites = (path: string): boolean =>
  path.startsWith("/api/admin") || path.startsWith("/api/dev") || CLOSED_CALLS.test(path);
/** The same procedures by tRPC's own clients, alone or among others of a batch. */
const CLOSED_CALLS = /^\/api\/trpc\/(.*,)?admin\./;
/** The headers of every answer of a path, by who may call it. */
export const headersFor = (path: string): Readonly<Record<string, string>> => (isClosedToSites(path) ? PRIVATE : OPEN);

export type Answers = ReturnType<typeof answers>;

/** How each kind of answer is made. */
export function answers(Class: ResponseClass) {
  return {
    /** `extra`: headers besides those of every answer. */
    json(status: number, value: unknown, extra?: Readonly<Record<string, string>>): Response {
      return new Class(JSON.stringify(value), { status, headers: extra ? { ...OPEN_JSON, ...extra } : OPEN_JSON });
    },
    privateJson(status: number, value: unknown, extra: Readonly<Record<string, string>> = {}): Response {
      const headers = { ...PRIVATE, ...extra, "Content-Type": "application/json" };
      return new Class(JSON.stringify(value), { status, headers });
    },
    /** A page of our own making, which may do nothing but look like this. `style`: of its one style element. */
    page(html: string, style: string): Response {
      const hash = createHash("sha256").update(style).digest("base64");
      const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
      const type = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
      return new Class(html, { status: 200, headers: { ...PRIVATE, ...type } });
    },
    text(status: number, body: string, contentType: string): Response {
      return new Class(body, { status, headers: { ...OPEN, "Content-Type": contentType } });
    },
    problem(error: AppError, path: string, extra: Readonly<Record<string, string>> = {}): Response {
      const problem = problemOf(error);
      const type = { "Content-Type": "application/problem+json" };
      const headers = { ...headersFor(path), ...extra, ...headersOf(error, problem), ...type };
      return new Class(JSON.stringify(problem), { status: problem.status, headers });
    },
    /** Server-sent events: no proxy on the way should buffer them. */
    events(stream: ReadableStream<Uint8Array>, extra: Readonly<Record<string, string>>): Response {
      const type = { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" };
      return new Class(stream, { status: 200, headers: { ...OPEN, ...extra, ...type } });
    },
    empty(status: number, headers: Readonly<Record<string, string>>): Response {
      return new Class(null, { status, headers });
    },
  };
}
