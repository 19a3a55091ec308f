import pg from "pg";
import { addressHost } from "../outside/address-host";
import { visitorsWallet } from "../outside/visitors-wallet";
import { client } from "./client";
import { jobRows } from "./job-rows";
import type { Needs } from "./needs";
import { nodeRows } from "./node-rows";
import { orderRows } from "./order-rows";
import { patience } from "./patience";
import { type Random, random } from "./random";
import { ServerProcess } from "./server-process";
import { sessionRows } from "./session-rows";
import { INVOICE_EXPIRY_SECONDS, PHASE_SECONDS, SECRET, type World } from "./world";

/** What all lanes have in common. */
export type Course = { serverFile: string; writers: string[]; needs: Needs; priceUrl: string };

export type Lane = {
  name: string;
  url: string;
  pool: pg.Pool;
  world: World;
  /** Those that run just now, serving or not yet. */
  servers: Set<ServerProcess>;
  /** A server with these settings on top of the lane's. */
  startServer(extra?: Record<string, string>): ServerProcess;
  /** Nothing is killed any more: from now on patience is limited. */
  calmsDown(): void;
  close(): Promise<void>;
};

/** The settings of a server of a lane. */
export const laneSettings = (url: string, host: string, priceUrl: string): Record<string, string> => ({
  DATABASE_URL: url,
  DATABASE_POOL_SIZE: "6",
  WORKER_CONCURRENCY: "6",
  HOST: "127.0.0.1",
  PORT: "0",
  TIMMY_TOKEN_SECRET: SECRET,
  LOG_LEVEL: "warn",
  COINGECKO_URL: priceUrl,
  LNURL_PRIVATE_HOSTS: host,
  INVOICE_EXPIRY_SECONDS: String(INVOICE_EXPIRY_SECONDS),
  EVAL_TIMEOUT_SECONDS: String(PHASE_SECONDS),
  WORK_TIMEOUT_SECONDS: String(PHASE_SECONDS),
  BOOTSTRAP_INVOICE_EXPIRY_SECONDS: String(INVOICE_EXPIRY_SECONDS),
  BOOTSTRAP_SIMULATED_SECONDS: "0.15",
  PAYOUT_UNKNOWN_GRACE_SECONDS: "1",
  POOL_SEED_SATS: "1000000",
  ORDERS_PER_MINUTE: "1000000",
  MAX_OPEN_ORDERS: "1000000",
});

/** One database with its servers and its visitors. Lanes know nothing of each other. */
export async function openLane(name: string, url: string, course: Course, seed: number): Promise<Lane> {
  const next: Random = random(seed);
  const pool = new pg.Pool({ connectionString: url, max: 6, application_name: "driver" });
  pool.on("error", () => undefined);
  const wallet = await visitorsWallet(url, SECRET, next);
  const addresses = await addressHost((amountSats) => wallet.invoice(amountSats));
  const servers = new Set<ServerProcess>();
  const serving = () => [...servers].flatMap(({ alive, origin }) => (alive && origin ? [origin] : []));
  const origin = () => {
    const all = serving();
    return all[Math.floor(next() * all.length)] ?? null;
  };
  const { eventually, beginsToEnd } = patience();
  const world: World = {
    client: client(origin, eventually),
    wallet,
    orders: orderRows(pool),
    jobs: jobRows(pool),
    sessions: sessionRows(pool),
    nodes: nodeRows(pool),
    pool,
    addressHost: addresses.host,
    next,
    eventually,
  };
  const spare = () => new ServerProcess(course.serverFile, (spot) => course.needs.seen.add(spot));
  // The next server loads while the present one runs: a restart is a matter of moments.
  let waiting = spare();

  return {
    name,
    url,
    pool,
    world,
    servers,
    calmsDown: beginsToEnd,
    startServer(extra = {}) {
      const server = waiting;
      waiting = spare();
      servers.add(server);
      const env = { ...laneSettings(url, addresses.host, course.priceUrl), ...extra };
      void server.start(env, course.writers);
      void server.died.then(() => servers.delete(server));
      return server;
    },
    async close() {
      for (const server of [waiting, ...servers]) {
        server.kill();
        await server.died;
      }
      await wallet.close();
      await addresses.stop();
      await pool.end();
    },
  };
}
