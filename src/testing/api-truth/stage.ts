import { randomUUID } from "node:crypto";
import { err } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import { type Container, createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { openApiDocument } from "~/server/openapi";
import { testDatabase } from "../database";
import { edgeServer } from "../edge-server";
import { runQueueOnce } from "../queue";
import { webServer } from "../web-server";
import { TEST_SECRET } from "../workshop";
import { type Described, type DescribedApi, describedApi } from "./described-api";

export type Sent = { body?: unknown; headers?: Record<string, string> };
export type Reply = { status: number; headers: Headers; text: string; json: Record<string, unknown> };
/** Calls one server. Whatever it answers is held against the description. */
export type Call = (method: string, path: string, sent?: Sent) => Promise<Reply>;

/** The whole app over HTTP, in every temper that an answer may need. */
export type Stage = {
  api: DescribedApi;
  /** Limits out of the way. */
  call: Call;
  /** One of everything an hour. */
  tight: Call;
  /** The figures are closed to the public. */
  guarded: Call;
  /** One unpaid order is too many. */
  crowded: Call;
  /** A Lightning address of a service that takes no less than a whole bitcoin. */
  greedyAddress: string;
  /** No play money: nothing is paid for developers, and no make-believe is sold. */
  serious: Call;
  /** No database. */
  unready: Call;
  /** Whatever it does throws. */
  failing: Call;
  /** Whatever it does finds no database. */
  cutOff: Call;
  url: string;
  container: Container;
  db: Database;
  /** Runs the background queue until nothing in it is due. */
  work(): Promise<void>;
  /** Each operation and status that was answered so far, as `operationId status`. */
  seen: ReadonlySet<string>;
  codes: ReadonlySet<string>;
  /** In what answers were not as described. */
  faults: readonly string[];
  close(): Promise<void>;
};

const GENEROUS = {
  TIMMY_TOKEN_SECRET: TEST_SECRET,
  COINGECKO_URL: "http://127.0.0.1:9",
  LOG_LEVEL: "silent",
  ORDERS_PER_MINUTE: "100000",
  IDENTITY_PER_MINUTE: "100000",
  DEMO_PER_HOUR: "100000",
  MAX_OPEN_ORDERS: "100000",
  ADMIN_TRIES_PER_MINUTE: "100000",
};
const TIGHT = {
  ...GENEROUS,
  ORDERS_PER_MINUTE: "1",
  IDENTITY_PER_MINUTE: "1",
  DEMO_PER_HOUR: "1",
  ADMIN_TRIES_PER_MINUTE: "1",
};

export async function openStage(): Promise<Stage> {
  const api = describedApi(JSON.parse(JSON.stringify(openApiDocument())));
  const seen = new Set<string>();
  const codes = new Set<string>();
  const faults: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];

  function checkedCall(url: string): Call {
    return async (method, path, { body, headers = {} } = {}) => {
      const isText = typeof body === "string";
      const answer = await fetch(url + path, {
        method,
        redirect: "manual",
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      });
      const { status } = answer;
      const reply = { status, headers: answer.headers, text: await answer.text() };
      const json = reply.text.startsWith("{") ? (JSON.parse(reply.text) as Record<string, unknown>) : {};
      if (typeof json.code === "string") codes.add(json.code);
      const operation = api.operationFor(method, path.split("?")[0] ?? "");
      if (operation) {
        seen.add(`${operation.operationId} ${status}`);
        faults.push(...api.faultsOf(operation, reply));
      } else faults.push(...api.faultsOfComponent(status === 405 ? "MethodNotAllowed" : "RouteNotFound", reply));
      return { ...reply, json };
    };
  }

  async function open(databaseUrl: string, settings: Record<string, string>, change = (real: Container) => real) {
    const container = await createContainer(await settingsFrom(settings), databaseUrl);
    const server = await edgeServer(change(container));
    closers.push(
      () => server[Symbol.asyncDispose](),
      () => container.close(),
    );
    return { container, url: server.url, call: checkedCall(server.url) };
  }

  const greedy = await webServer((_, reply) => {
    const callback = `http://${greedy.host}/pay`;
    const offer = { tag: "payRequest", callback, minSendable: 1e11, maxSendable: 1e12, metadata: "[]" };
    reply.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(offer));
  });
  closers.push(() => greedy.stop());
  const home = await testDatabase();
  closers.push(() => home.drop());
  const main = await open(home.url, { ...GENEROUS, LNURL_PRIVATE_HOSTS: greedy.host });
  const db = openDatabase(home.url, { poolSize: 4 });
  closers.push(() => db.close());
  const gone = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const other = async (settings: Record<string, string>, url = home.url) => (await open(url, settings)).call;
  const broken = async (error: Error) => (await open(home.url, GENEROUS, (real) => throwing(real, error))).call;
  await main.container.services.pool.seedIfNew();

  return {
    api,
    ...main,
    db,
    tight: await other(TIGHT),
    crowded: await other({ ...GENEROUS, MAX_OPEN_ORDERS: "1" }),
    greedyAddress: `anna@${greedy.host}`,
    guarded: await other({ ...GENEROUS, METRICS_TOKEN: randomUUID() }),
    serious: (await open(home.url, GENEROUS, seriously)).call,
    unready: await other(GENEROUS, "postgresql://127.0.0.1:9/nowhere"),
    failing: await broken(new Error("out of ink")),
    cutOff: await broken(gone),
    work: () => runQueueOnce(db, main.container.services.tasks),
    seen,
    codes,
    faults,
    async close() {
      for (const close of [...closers].reverse()) await close();
    },
  };
}

/** As with real sats and nobody who makes nodes. */
const seriously = (real: Container): Container => ({
  ...real,
  devPay: null,
  playInvoice: null,
  bootstrap: { ...real.bootstrap, create: async () => err({ code: "bootstrapUnavailable" }) },
});

/** What is read, not called. */
const KEPT = new Set(["settings", "log", "simulated", "webhookSecret", "services"]);

/** A container in which every service throws. */
function throwing<T extends object>(real: T, error: Error): T {
  return new Proxy(real, {
    get(target, name) {
      const part = Reflect.get(target, name) as unknown;
      if (typeof name === "symbol" || KEPT.has(name)) return part;
      if (typeof part === "function") {
        return () => {
          throw error;
        };
      }
      return typeof part === "object" && part !== null ? throwing(part, error) : part;
    },
  });
}

/** What the description's own examples make of a call. */
export function exampleCall({ path, parameters, requestBody }: Described): { path: string } & Sent {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parameters.find((parameter) => parameter.name === name)?.example)),
  );
  const query = new URLSearchParams(
    parameters.flatMap(({ name, in: place, required, example }) =>
      place === "query" && required ? [[name, String(example)]] : [],
    ),
  ).toString();
  const body = requestBody?.content["application/json"]?.example;
  return { path: query ? `${filled}?${query}` : filled, ...(body !== undefined && { body }) };
}
