import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isAlive } from "~/db/postgres-cluster";

export type LnbitsTestWallet = { id: string; adminkey: string; inkey: string };

/** Where a server is, and the key to its superuser. */
export type LnbitsAddress = { url: string; adminToken: string };

export type LnbitsAccounts = {
  newWallet(name: string): Promise<LnbitsTestWallet>;
  /** Makes money, as FakeWallet can. */
  topUp(wallet: LnbitsTestWallet, amountSats: number): Promise<void>;
};

/** A real LNbits with its FakeWallet node: it pays invoices of its own wallets, and none else. */
export type LnbitsServer = LnbitsAddress & {
  stop(): Promise<void>;
  /** After `stop`: the same books at the same address. */
  start(): Promise<void>;
  /** Stops it for good and removes its books. */
  remove(): Promise<void>;
};

/** The first start writes its database, which takes a slow machine more than a minute. */
const PATIENCE_MS = 180_000;
const PASSWORD = "a password for tests";
/** Runs the server, and ends it when whoever started it is gone, however that one ended. */
const LAUNCHER = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
import uvicorn
uvicorn.run("lnbits.__main__:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
`;

const Token = z.object({ access_token: z.string() });
const NewWallet = z.object({ id: z.string(), adminkey: z.string(), inkey: z.string() });

const FOLDER_PREFIX = "timmy-test-lnbits-";

/** Removes the books of servers whose run was killed. The servers themselves ended with it. */
export async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(FOLDER_PREFIX) ? Number.parseInt(name.slice(FOLDER_PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined); // another account's
  }
}

/** `python`: of an environment where lnbits 1.6.2 is installed. The settings only seed the first start: later its database wins. */
export async function lnbitsServer(python: string, settings: Record<string, string> = {}): Promise<LnbitsServer> {
  const home = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(home, "lnbits"), { recursive: true });
  // It serves its static files out of the folder that it is started in.
  await symlink(join(await packageFolder(python), "static"), join(home, "lnbits", "static"));
  const environment = { ...inherited(), ...seeds(home, url), ...settings };
  let running: Running | undefined;

  async function start() {
    running = launch(python, port, home, environment);
    await untilReady(url, running);
  }
  async function stop() {
    await running?.end();
    running = undefined;
  }

  await start();
  const admin = Token.parse(
    await call("PUT", `${url}/api/v1/auth/first_install`, {
      username: "superuser",
      password: PASSWORD,
      password_repeat: PASSWORD,
    }),
  );

  return {
    url,
    adminToken: admin.access_token,
    start,
    stop,
    async remove() {
      await stop();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export function lnbitsAccounts({ url, adminToken }: LnbitsAddress): LnbitsAccounts {
  return {
    newWallet: async (name) => NewWallet.parse(await call("POST", `${url}/api/v1/account`, { name })),
    async topUp(wallet, amountSats) {
      await call("PUT", `${url}/users/api/v1/balance`, { id: wallet.id, amount: amountSats }, adminToken);
    },
  };
}

/** What lets it run offline and quietly, and lets it call a webhook on the loopback. */
function seeds(home: string, url: string): Record<string, string> {
  return {
    LNBITS_BACKEND_WALLET_CLASS: "FakeWallet",
    LNBITS_ADMIN_UI: "true",
    LNBITS_DATA_FOLDER: join(home, "data"),
    LNBITS_EXTENSIONS_PATH: join(home, "extensions"),
    LNBITS_BASEURL: `${url}/`,
    AUTH_SECRET_KEY: randomBytes(32).toString("hex"),
    AUTH_HTTPS_ONLY: "false",
    LNBITS_RATE_LIMIT_NO: "1000000",
    LNBITS_CALLBACK_ALLOW_PRIVATE_IPS: "true",
    LNBITS_CALLBACK_URL_RULES: '["https?://.*"]',
    LNBITS_LNURL_ALLOW_PRIVATE_IPS: "true",
    LNBITS_PRICE_AGGREGATOR_ENABLED: "false",
    LNBITS_EXCHANGE_RATE_PROVIDERS: "[]",
    LNBITS_EXTENSIONS_MANIFESTS: "[]",
    LNBITS_WASM_EXTENSIONS_MANIFESTS: "[]",
  };
}

/** The machine's own settings for LNbits, if it has any, are none of ours. */
const inherited = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("LNBITS_")));

type Running = { ended: Promise<unknown>; hasEnded(): boolean; words(): string; end(): Promise<void> };

function launch(python: string, port: number, home: string, env: Record<string, string | undefined>): Running {
  const server = spawn(python, ["-c", LAUNCHER, String(port)], { cwd: home, env: env as NodeJS.ProcessEnv });
  let words = "";
  const keep = (piece: Buffer) => {
    words = (words + piece.toString()).slice(-4000);
  };
  server.stdout.on("data", keep);
  server.stderr.on("data", keep);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    for (const event of ["exit", "error"])
      server.once(event, () => {
        over = true;
        resolve();
      });
  });
  return {
    ended,
    hasEnded: () => over,
    words: () => words,
    async end() {
      server.stdin.end();
      await ended;
    },
  };
}

async function untilReady(url: string, server: Running): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && !server.hasEnded()) {
    const up = await fetch(`${url}/api/v1/health`, { redirect: "manual", signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
    if (up) return;
    await sleep(100);
  }
  await server.end();
  throw new Error(`LNbits did not start:\n${server.words()}`);
}

async function call(method: string, url: string, body: object, token?: string): Promise<unknown> {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body), redirect: "manual" });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${new URL(url).pathname} answered ${reply.status}: ${text}`);
  return JSON.parse(text);
}

/** Where the installed package is. */
async function packageFolder(python: string): Promise<string> {
  const code = "import importlib.util; print(importlib.util.find_spec('lnbits').submodule_search_locations[0])";
  const asking = spawn(python, ["-c", code], { stdio: ["ignore", "pipe", "inherit"] });
  let folder = "";
  asking.stdout.on("data", (piece: Buffer) => {
    folder += piece.toString();
  });
  await new Promise((resolve, reject) => asking.once("close", resolve).once("error", reject));
  return folder.trim();
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (!address || typeof address === "string") throw new Error("no free port");
  return address.port;
}
