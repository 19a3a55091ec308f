import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { NodeProviderFailure } from "~/ports/node-provider";
import type { Reply } from "./json-http";

/** After trouble that says nothing of its length. */
const AGAIN_SECONDS = 10;
/** After a 429 that says nothing of its length: such limits count by the minute. */
const LIMITED_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3600;
const MAX_WORDS = 200;

/** DigitalOcean: `{ id, message }`; Tailscale: `{ message }`; OAuth (RFC 6749 §5.2): `{ error, error_description }`. */
const Trouble = z.object({
  message: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

export type Answer = { who: string; reply: Reply; now: Date };

/** Reads an answer, or says why there is none. `who`: whom the log is to name. */
export function readAnswer<T>(answer: Answer, shape: z.ZodType<T>): Result<T, NodeProviderFailure> {
  const { who, reply } = answer;
  if (reply.kind !== "answer" || reply.status < 200 || reply.status > 299) return err(failureOf(answer));
  const parsed = shape.safeParse(reply.json);
  if (parsed.success) return ok(parsed.data);
  return err(unreachable(`${who} answered something else than was asked`));
}

function failureOf({ who, reply, now }: Answer): NodeProviderFailure {
  if (reply.kind === "silence") return unreachable(`${who} ${reply.detail}`);
  const { status, headers } = reply;
  const words = wordsOf(reply.json);
  const detail = `${who} answered ${status}: ${words}`;
  if (status === 429) return { code: "providerRateLimited", retryAfterSeconds: waitOf(headers, now), detail };
  if (status === 404 || status === 410) return { code: "providerNotFound", detail };
  if (status < 400 || status >= 500 || status === 408) return unreachable(detail);
  // "Droplet already has a pending event.", "attached volume cannot be deleted": it will be over.
  if (status === 409 || status === 423 || /pending event/i.test(words)) {
    return { code: "providerBusy", retryAfterSeconds: AGAIN_SECONDS, detail };
  }
  // "creating this/these droplet(s) will exceed your droplet limit"
  if (/\b(exceed\w*|quota|limit)\b/i.test(words)) return { code: "providerQuota", detail };
  return { code: "providerRefused", detail };
}

const unreachable = (detail: string): NodeProviderFailure => ({
  code: "providerUnreachable",
  retryAfterSeconds: AGAIN_SECONDS,
  detail,
});

/**
 * `retry-after` in its seconds form (RFC 9110 §10.2.3), else DigitalOcean's `ratelimit-reset`: when the oldest request
 * stops counting, in seconds since 1970.
 */
function waitOf(headers: Headers, now: Date): number {
  const after = wholeNumber(headers.get("retry-after"));
  const reset = wholeNumber(headers.get("ratelimit-reset"));
  const wait = after ?? (reset === null ? LIMITED_SECONDS : reset - Math.floor(now.getTime() / 1000));
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, wait));
}

const wholeNumber = (header: string | null) => (header && /^\d{1,12}$/.test(header) ? Number(header) : null);

/** The other side's own words, short, and without anything that looks like a key, an address or a person. */
function wordsOf(json: unknown): string {
  const { message, error, error_description } = Trouble.safeParse(json).data ?? {};
  return (error_description ?? message ?? error ?? "(no words)")
    .replace(/[\p{C}\s]+/gu, " ")
    .replace(/\b(tskey|dop|doo|dor)[-_]\S+|\b[0-9a-f]{32,}\b|\bhttps?:\S+|\S+@\S+|\d+\.\d+\.\d+\.\d+/gi, "…")
    .trim()
    .slice(0, MAX_WORDS);
}
