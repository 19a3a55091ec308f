import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import type { AppError, AppErrorCode } from "./app-error";
import { type IdempotencyStore, type KeptAnswer, TwinWasFirst } from "./idempotency-store";
import { PROBLEMS } from "./problems";
import { sealing } from "./sealed";
import { deriveKey } from "./secrets";

/** One call that carries an `Idempotency-Key`. */
export type KeyedCall = {
  key: string;
  method: string;
  path: string;
  /** Whatever tells the caller from others; empty when anonymous. */
  credential: string;
  body: string;
};
/** What a call came to: its answer, or the error that it was told. */
export type Outcome = Result<unknown, AppError>;
type KeepInTx = (tx: Tx, answer: unknown) => Promise<void>;

const MIN_ANONYMOUS_KEY = 22;
const MAX_KEY = 255;
const KEPT_HOURS = 24;

/** Whether the key may be used: an anonymous one must be unguessable, since whoever has it gets the answer. */
export function keyFault(call: Pick<KeyedCall, "key" | "credential">): AppError | null {
  const fault = (detail: string) => ({ code: "idempotencyKeyUnusable", detail }) as const;
  if (call.key.length > MAX_KEY) return fault(`A key may have at most ${MAX_KEY} characters.`);
  if (call.credential === "" && call.key.length < MIN_ANONYMOUS_KEY) {
    return fault(`Without a credential a key needs at least ${MIN_ANONYMOUS_KEY} characters: use a random one.`);
  }
  return call.key === "" ? fault("The key is empty.") : null;
}

/**
 * Runs a call at most once for its key: the same key and body get the same answer, in parallel and after a crash too.
 * The answer is written by the very transaction that makes what it tells of, so either both are there or neither, and
 * a parallel twin fails on the primary key and rolls back. Errors of the caller are kept afterwards; 429 and 5xx are not.
 */
export function idempotency(store: IdempotencyStore, tokenSecret: string) {
  const scopeKey = deriveKey(tokenSecret, "idempotency scope");
  const kept = sealing(deriveKey(tokenSecret, "idempotency answer"));

  /** `run` throws what nobody expected: that is neither kept nor replayed. */
  async function once(
    call: KeyedCall,
    status: number,
    run: (keep: KeepInTx, onceKey: string) => Promise<Outcome>,
  ): Promise<{ outcome: Outcome; replayed: boolean }> {
    const scope = scopeOf(call);
    const bodyHash = createHash("sha256").update(call.body).digest("hex");
    const sealed = (outcome: Outcome): KeptAnswer => ({
      bodyHash,
      status: outcome.ok ? status : PROBLEMS[outcome.error.code].status,
      answer: kept.seal(JSON.stringify(outcome, amountsAsNumbers), scope),
    });
    const replay = (answered: KeptAnswer) =>
      answered.bodyHash === bodyHash
        ? { outcome: open(answered.answer, scope), replayed: true }
        : { outcome: err({ code: "idempotencyKeyReused" } as const), replayed: false };

    const earlier = await store.find(scope);
    if (earlier) return replay(earlier);

    let keptInTx = false;
    let outcome: Outcome;
    try {
      outcome = await run(async (tx, answer) => {
        await store.insert(tx, scope, sealed(ok(answer)));
        keptInTx = true;
      }, scope);
    } catch (thrown) {
      const first = isTwin(thrown) ? await store.find(scope) : null;
      if (first) return replay(first);
      throw thrown;
    }
    if (outcome.ok ? keptInTx : !isKept(outcome.error)) return { outcome, replayed: false };
    const first = await store.keepUnlessKept(scope, sealed(outcome));
    return first ? replay(first) : { outcome, replayed: false };
  }

  function scopeOf({ method, path, credential, key }: KeyedCall): string {
    return createHmac("sha256", scopeKey)
      .update(JSON.stringify([method, path, credential, key]))
      .digest("hex");
  }

  const open = (sealed: Uint8Array, scope: string): Outcome =>
    KeptOutcome.parse(JSON.parse(kept.open(sealed, scope).toString("utf8")));

  return { once };
}
export type Idempotency = ReturnType<typeof idempotency>;

/** Amounts within an error are bigints, which JSON does not know. */
const amountsAsNumbers = (_name: string, value: unknown): unknown =>
  typeof value === "bigint" ? Number(value) : value;

/** Answers older than this are forgotten: for the task that deletes them. */
export const forgottenBefore = (now: Date): Date => new Date(now.getTime() - KEPT_HOURS * 3_600_000);

const KeptOutcome: z.ZodType<Outcome> = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.custom<AppError>((error) => isAppError(error)) }),
]);

const isAppError = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && Object.hasOwn(PROBLEMS, String(error.code));

/** Nothing was begun, and paying puts it right: then the same call is worth making again. */
const PUT_RIGHT_BY_PAYING: ReadonlySet<AppErrorCode> = new Set(["depositUnpaid", "balanceTooLow", "topupPending"]);

/** What went wrong on our side, or by doing too much at once, may go right the next time. */
function isKept(error: AppError): boolean {
  const { status } = PROBLEMS[error.code];
  return status < 500 && status !== 429 && !PUT_RIGHT_BY_PAYING.has(error.code);
}

function isTwin(thrown: unknown): boolean {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if (at instanceof TwinWasFirst) return true;
  }
  return false;
}
