import { randomBytes } from "node:crypto";

const EVERY_PAGE = {
  "Referrer-Policy": "no-referrer", // the link of an order is the key to reading it
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const;
const PRIVATE_PAGE = { "Cache-Control": "no-store", "X-Robots-Tag": "noindex" } as const;

/** What nobody may write into a page cannot run there: a script needs the nonce of this very answer. */
export const newNonce = (): string => randomBytes(16).toString("base64");

/**
 * CSP level 3. Styles may be inline, since React writes them as attributes; the WebGL scene makes its textures as blobs.
 * Next takes the nonce for its own scripts from this header of the request.
 */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** What an answer to a page's URL carries besides what Next says. */
export const pageHeaders = (url: string, policy: string): Readonly<Record<string, string>> => ({
  ...EVERY_PAGE,
  ...(isPrivatePage(url) && PRIVATE_PAGE),
  "Content-Security-Policy": policy,
});

/** Orders, and the operator's room. */
const isPrivatePage = (url: string): boolean => /^\/(jobs|sessions|bootstrap)\/|^\/admin\b/.test(url);
