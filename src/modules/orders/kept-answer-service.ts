import type { Tx } from "~/db/client";

/**
 * Called with the answer inside the transaction that makes it true: this is how an answer is stored under an idempotency
 * key.
 */
export type Keep<T> = (tx: Tx, answer: T) => Promise<void>;

/** For a call without an idempotency key. */
export const keepNothing: Keep<unknown> = async () => {};
