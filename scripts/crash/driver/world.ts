import type pg from "pg";
import type { VisitorsWallet } from "../outside/visitors-wallet";
import type { Client } from "./client";
import type { JobRows } from "./job-rows";
import type { NodeRows } from "./node-rows";
import type { OrderRows } from "./order-rows";
import type { Eventually } from "./patience";
import type { Random } from "./random";
import type { SessionRows } from "./session-rows";

/** What a visitor of one lane works with. */
export type World = {
  client: Client;
  wallet: VisitorsWallet;
  orders: OrderRows;
  jobs: JobRows;
  sessions: SessionRows;
  nodes: NodeRows;
  pool: pg.Pool;
  /** host:port of the visitors' Lightning addresses. */
  addressHost: string;
  next: Random;
  eventually: Eventually;
};

/** How long each phase of a job may take in these servers, seconds. */
export const PHASE_SECONDS = 20;
export const INVOICE_EXPIRY_SECONDS = 15;
/** One clock, and times that are cut to milliseconds. */
const CUT_MS = 50;

/** Whether killing took so much of the time of a phase that it may have run out of it. */
export const ranOut = (tookMs: number): boolean => tookMs >= PHASE_SECONDS * 1000 - CUT_MS;

/** The secret of all servers of a lane. */
export const SECRET = "the secret of servers that are killed";

/** Something that must hold did not. */
class Broken extends Error {}
export function mustHold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}
