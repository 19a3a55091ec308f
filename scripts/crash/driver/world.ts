import type pg from "pg";
import { z } from "zod";
import type { VisitorsWallet } from "../outside/visitors-wallet";
import type { Client } from "./client";
import type { JobRows } from "./job-rows";
import type { Eventually } from "./patience";
import type { Random } from "./random";

/** What a visitor of one lane has to do with. */
export type World = {
  client: Client;
  wallet: VisitorsWallet;
  rows: JobRows;
  pool: pg.Pool;
  /** host:port of the visitors' Lightning addresses. */
  addressHost: string;
  next: Random;
  eventually: Eventually;
};

/** What a visitor keeps of the answer to their request. */
export const CreatedJob = z.object({ jobId: z.string(), refundToken: z.string() });
export type Job = z.infer<typeof CreatedJob>;

/** How long each phase of a job may take in these servers, seconds. */
export const PHASE_SECONDS = 30;
export const INVOICE_EXPIRY_SECONDS = 20;

/** Something that must hold did not. */
class Broken extends Error {}
export function mustHold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}
