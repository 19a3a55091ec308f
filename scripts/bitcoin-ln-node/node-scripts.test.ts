import { spawnSync } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { everything } from "../../src/testing/node-machine";
import { type StandIns, standIns } from "../../src/testing/stand-ins";

const COMMANDS = join(import.meta.dirname, "../../src/testing/mac-node-commands");
const START = 1_000_000;
const PATIENCE = { timeout: 30_000, interval: 50 };

let mac: StandIns;
let home: string;
beforeEach(async () => {
  mac = await standIns(COMMANDS);
  home = join(mac.world, "..", "bitcoin-ln-node");
});
afterEach(() => mac.remove());

/** By the shell that its first line names: on macOS that is a bash in POSIX mode. */
const run = (name: string, env: Record<string, string> = {}, ...args: string[]) =>
  mac.run("sh", [join(import.meta.dirname, name), ...args], env);
const file = (path: string) => readFile(join(home, path), "utf8");
const mode = async (path: string) => ((await stat(join(home, path))).mode & 0o777).toString(8);
const elapsed = async () => Number(await mac.read("clock")) - START;
const callsOf = async (start: string) => (await mac.calls()).filter((call) => call.startsWith(start));
const secret = (name: string) => file(`secrets/${name}`);

async function setUp() {
  const done = await run("setup.sh");
  expect([done.code, done.stderr]).toEqual([0, ""]);
}
async function started(env: Record<string, string> = {}) {
  await setUp();
  const done = await run("start.sh", env);
  expect([done.code, done.stderr]).toEqual([0, ""]);
  return done.stdout;
}

describe("setup.sh", () => {
  test("brings the programs, secrets, settings and property lists", async () => {
    await setUp();
    const installed = (await callsOf("brew install")).map((call) => call.split(" ").at(-1));
    expect(installed).toEqual(["bitcoin", "lnd", "uv", "bore-cli"]);
    expect(await callsOf("uv pip install")).toEqual([expect.stringContaining("lnbits==1.6.2 bitstring<5")]);
    const rpc = await secret("rpc-password");
    expect(rpc).toMatch(/^[0-9a-f]{48}$/);
    expect(await file("bitcoin/bitcoin.conf")).toMatch(
      new RegExp(`^prune=[1-9]\\d+\nrpcuser=timmy\nrpcpassword=${rpc}$`, "m"),
    );
    expect(await file("lnd/lnd.conf")).toContain(`bitcoind.rpcpass=${rpc}\n`);
    expect(await file("lnbits/.env")).toContain("LNBITS_BACKEND_WALLET_CLASS=LndRestWallet\n");
    for (const name of ["bitcoind", "lnd", "lnbits"]) {
      const plist = await readFile(join(home, `../Library/LaunchAgents/timmy.node.${name}.plist`), "utf8");
      expect(plist).toContain(`<key>Label</key><string>timmy.node.${name}</string>`);
      expect(plist.match(/<(dict|array|string|integer|key|plist)\b/g)?.length).toBe(
        plist.match(/<\/(dict|array|string|integer|key|plist)>/g)?.length,
      );
    }
  });

  test("run a second time it changes nothing, installs nothing, and keeps what somebody has changed", async () => {
    await setUp();
    const changed = `${await file("bitcoin/bitcoin.conf")}dbcache=4000\n`;
    await writeFile(join(home, "bitcoin/bitcoin.conf"), changed);
    const before = new Map(await everything(join(home, "..")));
    const calls = (await mac.calls()).length;
    await setUp();
    const since = (await mac.calls()).slice(calls);
    expect(since.filter((call) => /^(brew install|uv )/.test(call))).toEqual([]);
    const after = new Map(await everything(join(home, "..")));
    before.delete(join(mac.world, "calls"));
    after.delete(join(mac.world, "calls"));
    expect(after).toEqual(before);
  });

  test("secrets are for their owner alone, and on no command line", async () => {
    await started();
    const secrets = await Promise.all(
      ["rpc-password", "wallet-password", "lnbits-password", "lnbits-auth", "lnbits-first-install", "lnd-seed"].map(
        secret,
      ),
    );
    expect(new Set(secrets).size).toBe(6);
    const told = (await mac.calls()).join("\n");
    for (const hidden of secrets) expect(told).not.toContain(hidden);
    let found = 0;
    for (const [path, text] of await everything(home)) {
      if (!secrets.some((hidden) => text.includes(hidden))) continue;
      found += 1;
      expect([path, await mode(path.slice(home.length + 1))]).toEqual([path, "600"]);
    }
    expect(found).toBeGreaterThanOrEqual(9);
    expect(await mode("secrets")).toBe("700");
  });

  test.each([
    ["Linux", "arm64"],
    ["Darwin", "x86_64"],
  ])("a machine of %s on %s is refused, untouched", async (SYSTEM, MACHINE) => {
    const refused = await run("setup.sh", { SYSTEM, MACHINE });
    expect(refused).toMatchObject({ code: 1, stderr: "This is for a Mac with Apple Silicon.\n" });
    await expect(stat(home)).rejects.toThrow();
  });

  test("a folder with a space is fine, one that a property list cannot hold is refused", async () => {
    const elsewhere = join(mac.world, "a folder");
    const env = { NODE_HOME: elsewhere };
    expect((await run("setup.sh", env)).code).toBe(0);
    expect((await run("start.sh", env)).code).toBe(0);
    expect((await run("setup.sh", { NODE_HOME: `${elsewhere} & more` })).code).toBe(1);
  });
});

describe("start.sh", () => {
  test("starts each part when the one before it answers, and makes the wallet", async () => {
    const said = await started({ BITCOIND_AFTER: "200", LND_AFTER: "300" });
    expect(said).toContain("synchronises, which takes 1 to 2 weeks");
    expect(
      (await callsOf("launchctl bootstrap")).map((call) => /timmy\.node\.([a-z]+)\.plist/.exec(call)?.[1]),
    ).toEqual(["bitcoind", "lnd", "lnbits"]);
    expect(await elapsed()).toBeGreaterThanOrEqual(500);
    const Init = z.strictObject({ wallet_password: z.string(), cipher_seed_mnemonic: z.array(z.string()).length(24) });
    const sent = Init.parse(JSON.parse(await mac.read("wallet")));
    expect(Buffer.from(sent.wallet_password, "base64").toString()).toBe(await secret("wallet-password"));
    expect(`[${await secret("lnd-seed")}]`).toBe(JSON.stringify(sent.cipher_seed_mnemonic));
    const password = await secret("lnbits-password");
    expect(JSON.parse(await mac.read("superuser"))).toMatchObject({ username: "admin", password });
  });

  test("a locked wallet is unlocked, by standard input", async () => {
    await started();
    await run("stop.sh");
    expect((await run("start.sh", { LND_STATE: "LOCKED" })).code).toBe(0);
    expect(await mac.read("unlocked")).toBe("unlocked\n");
    expect(await callsOf("lncli")).toContainEqual(expect.stringMatching(/ unlock --stdin$/));
  });

  test("with a wrong password it says so", async () => {
    await started();
    await writeFile(join(home, "secrets/wallet-password"), "another");
    const lncli = join(mac.bin, "lncli");
    await writeFile(lncli, (await readFile(lncli, "utf8")).replace("$(cat) ==", "right =="));
    expect(await run("start.sh", { LND_STATE: "LOCKED" })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("cannot be unlocked"),
    });
  });

  test("run again it starts what is down and touches nothing else; once LND serves, LNbits is started again, once", async () => {
    await started();
    const kicks = async () => (await callsOf("launchctl kickstart -k")).length;
    expect(await kicks()).toBe(0);
    await run("start.sh");
    expect(await callsOf("launchctl bootstrap")).toHaveLength(3);
    expect((await mac.calls()).filter((call) => call.includes("initwallet"))).toHaveLength(1);
    const synced = { LND_STATE: "SERVER_ACTIVE" };
    expect((await run("start.sh", synced)).stdout).toContain("The node is up: http://127.0.0.1:5000");
    await run("start.sh", synced);
    expect(await kicks()).toBe(1);
    await run("stop.sh");
    await run("start.sh", synced);
    expect(await kicks()).toBe(2);
  });

  test("a seed that fails to come is asked for again; a wallet whose making was not confirmed is there", async () => {
    await mac.put("genseed-fails", "2");
    await mac.put("initwallet-lost", "1");
    await started();
    expect((await mac.calls()).filter((call) => call.includes("initwallet"))).toHaveLength(1);
  });

  test.each([
    ["Bitcoin Core", { BITCOIND_AFTER: "99999" }, "Bitcoin Core did not answer within 300 s"],
    ["LND", { LND_AFTER: "99999" }, "LND did not answer within 360 s"],
    ["LNbits", { LNBITS_AFTER: "99999" }, "AirPlay"],
  ])("%s that never answers is waited for, and named with its log", async (_, env, words) => {
    await setUp();
    const done = await run("start.sh", env);
    expect(done).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
    expect(done.stderr).toContain(".log");
  });

  test("without a set-up it says what to run", async () => {
    expect(await run("start.sh")).toMatchObject({ code: 1, stderr: expect.stringContaining("setup.sh") });
  });
});

describe("stop.sh", () => {
  const ends = async () =>
    (await mac.calls()).filter((call) => /^(lncli .* stop|bitcoin-cli .* stop|launchctl bootout)/.test(call));

  test("LNbits, then LND, then Bitcoin Core, each asked before launchd lets it go", async () => {
    await started();
    expect((await run("stop.sh")).code).toBe(0);
    expect((await ends()).map((call) => call.replace(/ .*[ /.](lnbits|lnd|bitcoind|stop)$/, " $1"))).toEqual([
      "launchctl lnbits",
      "lncli stop",
      "launchctl lnd",
      "bitcoin-cli stop",
      "launchctl bitcoind",
    ]);
  });

  test("an LND that takes no call is ended by launchd, a Bitcoin Core that takes long after ten minutes", async () => {
    await started();
    const before = await elapsed();
    const done = await run("stop.sh", { LND_LOCKED: "yes", BITCOIND_STUBBORN: "yes" });
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Bitcoin Core takes long") });
    expect((await elapsed()) - before).toBe(600);
    expect((await ends()).at(-1)).toMatch(/bootout .*bitcoind$/);
  });

  test("what is down already is fine", async () => {
    await setUp();
    expect((await run("stop.sh")).code).toBe(0);
    expect(await ends()).not.toContainEqual(expect.stringContaining("bootout"));
  });
});

describe("status.sh", () => {
  const count = z.int().min(0).nullable();
  /** The documented shape: README.md. */
  const Status = z.strictObject({
    bitcoind: z.strictObject({
      running: z.boolean(),
      blocks: count,
      headers: count,
      syncPercent: z.number().min(0).max(100).nullable(),
      inSync: z.boolean().nullable(),
    }),
    lnd: z.strictObject({
      running: z.boolean(),
      state: z
        .enum(["NON_EXISTING", "LOCKED", "UNLOCKED", "RPC_ACTIVE", "SERVER_ACTIVE", "WAITING_TO_START"])
        .nullable(),
      syncedToChain: z.boolean().nullable(),
      activeChannels: count,
      channelBalanceSats: count,
      walletBalanceSats: count,
    }),
    lnbits: z.strictObject({ running: z.boolean(), url: z.url() }),
    tunnel: z.strictObject({ open: z.boolean(), address: z.string().nullable() }),
  });
  const status = async (env: Record<string, string> = {}) => {
    const { code, stdout } = await run("status.sh", env, "--json");
    return { code, ...Status.parse(JSON.parse(stdout)) };
  };
  const DOWN = {
    bitcoind: { running: false, blocks: null, headers: null, syncPercent: null, inSync: null },
    lnd: {
      running: false,
      state: null,
      syncedToChain: null,
      activeChannels: null,
      channelBalanceSats: null,
      walletBalanceSats: null,
    },
    lnbits: { running: false, url: "http://127.0.0.1:5000" },
    tunnel: { open: false, address: null },
  };

  test("down, and not even set up", async () => {
    expect(await status()).toEqual({ code: 1, ...DOWN });
    await setUp();
    expect(await status()).toEqual({ code: 1, ...DOWN });
  });

  test("synchronising", async () => {
    await started();
    expect(await status()).toEqual({
      code: 0,
      bitcoind: { running: true, blocks: 412345, headers: 900000, syncPercent: 42.34, inSync: false },
      lnd: { ...DOWN.lnd, running: true, state: "RPC_ACTIVE" },
      lnbits: { running: true, url: "http://127.0.0.1:5000" },
      tunnel: { open: false, address: null },
    });
  });

  test("in sync, with channels and money", async () => {
    const synced = { LND_STATE: "SERVER_ACTIVE", PROGRESS: "0.99999912", DOWNLOADING: "false" };
    await started(synced);
    const now = await status(synced);
    expect(now.bitcoind).toMatchObject({ syncPercent: 99.99, inSync: true });
    expect(now.lnd).toEqual({
      running: true,
      state: "SERVER_ACTIVE",
      syncedToChain: true,
      activeChannels: 3,
      channelBalanceSats: 210_000,
      walletBalanceSats: 42_000,
    });
    expect((await run("status.sh", synced)).stdout).toBe(
      [
        "Bitcoin Core: block 412345 of 900000, 99.99 % verified",
        "LND:          SERVER_ACTIVE, 3 active channels, 210000 sats in channels, 42000 on chain",
        "LNbits:       http://127.0.0.1:5000",
        "Tunnel:       closed",
        "",
      ].join("\n"),
    );
  });

  test("nonsense of another program's is null, and never breaks the JSON", async () => {
    await started();
    const now = await status({ BLOCKS: '"}]', PROGRESS: "nan", DOWNLOADING: "maybe" });
    expect(now.bitcoind).toMatchObject({ running: true, blocks: null, syncPercent: null, inSync: null });
    expect((await status({ PROGRESS: "1.5e-07" })).bitcoind.syncPercent).toBe(0);
  });

  test("another argument is refused", async () => {
    expect((await run("status.sh", {}, "--xml")).code).toBe(1);
  });
});

describe("expose.sh", () => {
  test("opens a tunnel from port 5000, shown by status.sh, and closed with it", async () => {
    await started();
    const exposing = run("expose.sh");
    await vi.waitFor(async () => expect(await file("tunnel")).toMatch(/^\d+\nbore\.pub:41234\n$/), PATIENCE);
    expect(await callsOf("bore ")).toEqual(["bore local 5000 --to bore.pub"]);
    expect(JSON.parse((await run("status.sh", {}, "--json")).stdout).tunnel).toEqual({
      open: true,
      address: "bore.pub:41234",
    });
    expect(await run("expose.sh")).toMatchObject({ code: 1, stderr: expect.stringContaining("already") });
    process.kill(Number(await mac.read("bore-pid")));
    expect((await exposing).stdout).toContain("http://bore.pub:41234, by everybody");
    await expect(file("tunnel")).rejects.toThrow();
  });

  test("a tunnel that is refused, or never told, ends with where to look", async () => {
    await started();
    const refused = await run("expose.sh", { BORE_REFUSES: "yes" });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("bore.log") });
    const silent = await run("expose.sh", { BORE_SILENT: "yes", BORE_SERVER: "bore.example" });
    expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining("No tunnel within 60 s") });
    const left = Number(await mac.read("bore-pid"));
    await vi.waitFor(() => expect(() => process.kill(left, 0)).toThrow(), PATIENCE);
  });

  test("a process of that number that is gone is no tunnel", async () => {
    await started();
    const gone = spawnSync("true").pid;
    await writeFile(join(home, "tunnel"), `${gone}\nbore.pub:1\n`);
    expect(JSON.parse((await run("status.sh", {}, "--json")).stdout).tunnel).toEqual({ open: false, address: null });
  });

  test("without LNbits nothing is opened", async () => {
    await setUp();
    expect((await run("expose.sh")).code).toBe(1);
    expect(await callsOf("bore ")).toEqual([]);
  });
});

describe("get-lnbits-key.sh", () => {
  test("prints the first wallet's admin key, or its invoice key, and makes the wallet once", async () => {
    await started();
    for (const [args, key] of [
      [[], "aaaa1111\n"],
      [[], "aaaa1111\n"],
      [["--invoice"], "bbbb1111\n"],
    ] as const)
      expect(await run("get-lnbits-key.sh", {}, ...args)).toEqual({ code: 0, stdout: key, stderr: "" });
    expect((await mac.calls()).filter((call) => call.endsWith("/api/v1/wallet"))).toHaveLength(1);
    expect((await mac.calls()).join("\n")).not.toContain("a.b-c_d");
  });

  test("a password that LNbits does not take, an LNbits that is down, no set-up: each says so", async () => {
    const says = async (words: string) =>
      expect(await run("get-lnbits-key.sh")).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining(words),
      });
    await says("setup.sh");
    await setUp();
    await says("start.sh");
    await run("start.sh");
    const curl = join(mac.bin, "curl");
    await writeFile(curl, (await readFile(curl, "utf8")).replace('\\"password\\":\\"$password\\"', "never"));
    await says("did not take the password");
  });
});

test("bash in POSIX mode, which is macOS' sh, runs them as well", async () => {
  await mkdir(home, { recursive: true });
  const bash = (name: string, ...args: string[]) =>
    mac.run("bash", ["--posix", join(import.meta.dirname, name), ...args], {});
  for (const name of ["setup.sh", "start.sh", "get-lnbits-key.sh", "status.sh", "stop.sh"])
    expect([name, await bash(name)]).toEqual([name, expect.objectContaining({ code: 0, stderr: "" })]);
});
