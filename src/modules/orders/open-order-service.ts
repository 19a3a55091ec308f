import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import { countUnpaid, lockClient } from "./open-order-store";

export type TooManyOpenOrders = { code: "tooManyOpenOrders"; limit: number };

/** What one client may leave unpaid, orders of every kind together. */
export type OpenOrders = {
  /** Worth asking before anything is made for the client. */
  room(tx: Tx, clientKey: string): Promise<Result<null, TooManyOpenOrders>>;
  /** The same, and nobody makes another order for this client until the transaction ends. */
  lockedRoom(tx: Tx, clientKey: string): Promise<Result<null, TooManyOpenOrders>>;
};

/** `limit`: unpaid orders that one client may have open at a time. */
export function openOrders(limit: number): OpenOrders {
  const room = async (tx: Tx, clientKey: string) =>
    (await countUnpaid(tx, clientKey, limit)) < limit ? ok(null) : err({ code: "tooManyOpenOrders" as const, limit });
  return {
    room,
    async lockedRoom(tx, clientKey) {
      await lockClient(tx, clientKey);
      return room(tx, clientKey);
    },
  };
}
