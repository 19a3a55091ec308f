import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { everything, type NodeMachine, nodeMachine } from "~/testing/node-machine";
import { askNodeStatus } from "../digitalocean/node-status";
import { NODE_IMAGES } from "./user-data";

const DATA = "srv/timmy-node";
const SECRETS = "opt/timmy-node/secrets";
const CREDENTIALS = "root/node-credentials.txt";

let machine: NodeMachine;
afterEach(() => machine?.remove());

const fresh = async (options?: Parameters<typeof nodeMachine>[0]) => {
  machine = await nodeMachine(options);
  return machine;
};
const callsOf = async (name: string) => (await machine.calls()).filter((call) => call.startsWith(`${name} `));
const secretsOf = async () =>
  Promise.all(["rpc-password", "wallet-password", "lnbits-password"].map((name) => machine.file(`${SECRETS}/${name}`)));

// A node has bash 5; macOS has 3.2, where these are not meant to run.
const version = /version (\d+)/.exec(spawnSync("bash", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
const withBash = Number(version ?? 0) >= 5 ? describe : describe.skip;

withBash("a fresh machine", () => {
  test("comes up by itself", async () => {
    await fresh();
    const { code, stdout, stderr } = await machine.script("install.sh");
    expect([code, stdout, stderr, await machine.file("var/log/timmy-node.log")]).toEqual([
      0,
      "",
      "",
      expect.anything(),
    ]);
    expect(await machine.status()).toEqual({ state: "ready", stage: "The node is up" });

    const runs = (await callsOf("docker")).filter((call) => call.startsWith("docker run"));
    expect(runs.map((run) => /--name ([a-z]+)/.exec(run)?.[1])).toEqual(["bitcoind", "lnd", "lnbits"]);
    for (const run of runs) expect(run).toContain("--restart unless-stopped --network host");
    expect(runs.map((run) => run.split(" ").at(-1))).toEqual(Object.values(NODE_IMAGES));
    expect(await callsOf("mkfs.ext4")).toEqual([`mkfs.ext4 -q -L timmy-node ${machine.disk}`]);
    expect(await callsOf("mount")).toEqual([`mount ${join(machine.root, DATA)}`]);
  });

  test("the firewall lets in SSH, Bitcoin, Lightning, the status page and the private network, and is on before them", async () => {
    await fresh();
    await machine.script("install.sh");
    expect(await callsOf("ufw")).toEqual([
      "ufw default deny incoming",
      "ufw default allow outgoing",
      ...["22", "8333", "9735", "8099"].map((port) => `ufw allow ${port}/tcp`),
      "ufw allow in on tailscale0",
      "ufw --force enable",
    ]);
    const calls = await machine.calls();
    const first = calls.findIndex((call) => call.startsWith("docker run"));
    expect(calls.indexOf("ufw --force enable")).toBeLessThan(first);
    // Nothing is published past the firewall.
    expect(calls.filter((call) => / (-p|--publish)\b/.test(call))).toEqual([]);
  });

  test("the credentials are complete, and for root alone", async () => {
    await fresh();
    await machine.script("install.sh");
    expect(await machine.mode(CREDENTIALS)).toBe("600");
    const text = await machine.file(CREDENTIALS);
    const [rpc, wallet, lnbits] = await secretsOf();
    for (const secret of [rpc, wallet, lnbits]) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set([rpc, wallet, lnbits]).size).toBe(3);
    expect(text).toContain(`Bitcoin Core RPC password: ${rpc}\n`);
    expect(text).toContain(`LND wallet password: ${wallet}\n`);
    expect(text).toMatch(/LND seed \(24 words\): absorb( word[a-w]){23}\n/);
    expect(text).toContain("LNbits URL: http://100.64.0.7:5000\n");
    expect(text).toContain(`LNbits password: ${lnbits}\n`);
  });

  test("the wallet is made of that seed and that password", async () => {
    await fresh();
    await machine.script("install.sh");
    const Init = z.strictObject({ wallet_password: z.string(), cipher_seed_mnemonic: z.array(z.string()).length(24) });
    const sent = Init.parse(JSON.parse(await machine.read("wallet")));
    expect(Buffer.from(sent.wallet_password, "base64").toString()).toBe(
      await machine.file(`${SECRETS}/wallet-password`),
    );
    expect(await machine.file(CREDENTIALS)).toContain(sent.cipher_seed_mnemonic.join(" "));
    // What LND unlocks itself with at its next start.
    expect(await machine.file(`${DATA}/lnd/wallet-password`)).toBe(await machine.file(`${SECRETS}/wallet-password`));
  });

  test("LNbits gets its superuser before anybody else can become it", async () => {
    await fresh();
    await machine.script("install.sh");
    const [, , password = ""] = await secretsOf();
    const token = await machine.file(`${SECRETS}/lnbits-first-install`);
    const sent = { username: "admin", password, password_repeat: password, first_install_token: token };
    expect(JSON.parse(await machine.read("superuser"))).toEqual(sent);
    expect(await machine.file(`${DATA}/lnbits/lnbits.env`)).toContain(`FIRST_INSTALL_TOKEN=${token}\n`);
    expect(await machine.file(`${DATA}/lnbits/lnbits.env`)).toContain("LNBITS_BACKEND_WALLET_CLASS=LndRestWallet\n");
  });

  test("no secret is on a command line, in the log, or in a file that others may read", async () => {
    await fresh();
    await machine.script("install.sh");
    const secrets = [...(await secretsOf()), await machine.file(`${SECRETS}/lnbits-first-install`), "wordk"];
    const told = `${(await machine.calls()).join("\n")}${await machine.file("var/log/timmy-node.log")}`;
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(told).not.toContain("tskey-auth");
    let found = 0;
    for (const [path, text] of await everything(machine.root)) {
      if (!secrets.some((secret) => text.includes(secret))) continue;
      found += 1;
      expect([path, await machine.mode(path.slice(machine.root.length + 1))]).toEqual([path, "600"]);
    }
    expect(found).toBeGreaterThan(6);
    for (const folder of [SECRETS, DATA, `${DATA}/lnd`]) expect(await machine.mode(folder)).toBe("700");
  });

  test("set up a second time, nothing is made anew", async () => {
    await fresh();
    await machine.script("install.sh");
    const before = await machine.file(CREDENTIALS);
    const [wallet, fstab] = [await machine.read("wallet"), await machine.file("etc/fstab")];
    const calls = (await machine.calls()).length;
    expect((await machine.script("install.sh")).code).toBe(0);
    const since = (await machine.calls()).slice(calls);
    expect(since.filter((call) => /^(mkfs|mount |docker (run|pull)|tailscale up)/.test(call))).toEqual([]);
    expect(since.filter((call) => /genseed|initwallet/.test(call))).toEqual([]);
    expect([await machine.file(CREDENTIALS), await machine.read("wallet"), await machine.file("etc/fstab")]).toEqual([
      before,
      wallet,
      fstab,
    ]);
  });

  test("without private network and volume", async () => {
    await fresh({ setup: { authKey: null, volumeName: null } });
    expect((await machine.script("install.sh")).code).toBe(0);
    const calls = await machine.calls();
    expect(calls.filter((call) => /^(tailscale|mkfs|mount|lsblk) /.test(call))).toEqual([]);
    expect(calls).not.toContain("ufw allow in on tailscale0");
    expect(await machine.file(CREDENTIALS)).toContain("LNbits URL: http://localhost:5000\n");
  });
});

withBash("the volume", () => {
  const mounted = () => callsOf("mount");
  const fstab = () => machine.file("etc/fstab");
  const formatted = () => callsOf("mkfs.ext4");
  const precious = async () => (await readFile(machine.disk)).subarray(4096, 4104).toString();

  test("blank: formatted, in fstab, mounted, and Docker waits for it", async () => {
    await fresh({ disk: "blank" });
    expect((await machine.script("volume.sh")).code).toBe(0);
    expect(await formatted()).toHaveLength(1);
    const place = join(machine.root, DATA);
    expect(await fstab()).toBe(
      `UUID=1 / ext4 defaults 0 1\nUUID=6f1e2a3b-0000-4000-8000-000000000001 ${place} ext4 defaults,nofail,noatime 0 2\n`,
    );
    expect(await mounted()).toEqual([`mount ${place}`]);
    const dropIn = "etc/systemd/system/docker.service.d/volume.conf";
    expect(await machine.file(dropIn)).toBe(`[Unit]\nRequiresMountsFor=${place}\n`);
  });

  test.each(["ext4", "xfs"] as const)("used, with %s: never formatted, mounted as it is", async (disk) => {
    await fresh({ disk });
    expect((await machine.script("volume.sh")).code).toBe(0);
    expect(await formatted()).toEqual([]);
    expect(await precious()).toBe("precious");
    expect(await fstab()).toContain(` ${disk} defaults,nofail`);
    expect(await mounted()).toHaveLength(1);
  });

  test.each(["partitioned", "unknown"] as const)("used, %s: never formatted, and the set-up ends", async (disk) => {
    await fresh({ disk });
    expect((await machine.script("volume.sh")).code).toBe(1);
    expect(await formatted()).toEqual([]);
    expect(await precious()).toBe("precious");
    expect(await mounted()).toEqual([]);
    expect(await machine.status()).toMatchObject({ state: "failed", stage: expect.stringContaining("left alone") });
  });

  test("a blank-looking disk that cannot be looked at is never formatted", async () => {
    await fresh({ disk: "blank" });
    expect((await machine.script("volume.sh", { LSBLK_FAILS: "yes" })).code).toBe(1);
    expect(await formatted()).toEqual([]);
    expect(await machine.status()).toMatchObject({ state: "failed" });
  });

  test("a file system that only lsblk sees counts, and so do bytes that only a look at them shows", async () => {
    await fresh({ disk: "blank" });
    await machine.put("contents", "ext4\n");
    await machine.script("volume.sh");
    expect(await formatted()).toEqual([]);
    await machine.remove();
    await fresh({ disk: "unknown" });
    await machine.script("volume.sh");
    expect(await formatted()).toEqual([]);
  });

  test("absent: waited for two minutes, then the set-up ends, and nothing lies on the machine's own disk", async () => {
    await fresh({ disk: "absent" });
    expect((await machine.script("install.sh")).code).toBe(1);
    expect(await machine.elapsed()).toBe(120);
    expect(await machine.status()).toEqual({ state: "failed", stage: "The volume did not appear within 120 s" });
    expect(await callsOf("docker")).toEqual(["docker info"]);
  });

  test("one that cannot be mounted ends the set-up", async () => {
    await fresh();
    expect((await machine.script("install.sh", { MOUNT_FAILS: "yes" })).code).toBe(1);
    expect(await machine.status()).toEqual({ state: "failed", stage: "The volume cannot be mounted" });
  });
});

withBash("Bitcoin Core", () => {
  const pruned = async () => /^prune=(\d+)$/m.exec(await machine.file(`${DATA}/bitcoin/bitcoin.conf`))?.[1];

  test.each([
    ["32000", "2000"],
    ["75000", "45000"],
    ["1000000", "0"],
  ])("with %s MiB free it is pruned to %s", async (free, prune) => {
    await fresh();
    expect((await machine.script("bitcoind.sh", { FREE_MIB: free })).code).toBe(0);
    expect(await pruned()).toBe(prune);
    // What was chosen once stays.
    await machine.script("bitcoind.sh", { FREE_MIB: "500000" });
    expect(await pruned()).toBe(prune);
  });

  test("on too small a disk the set-up ends", async () => {
    await fresh();
    expect((await machine.script("bitcoind.sh", { FREE_MIB: "31999" })).code).toBe(1);
    expect((await machine.status()).stage).toContain("31999 MiB free");
  });

  test("late is fine, never is not: its RPC is awaited 5 minutes", async () => {
    await fresh();
    expect((await machine.script("bitcoind.sh", { BITCOIND_AFTER: "295" })).code).toBe(0);
    await machine.remove();
    await fresh();
    expect((await machine.script("install.sh", { BITCOIND_AFTER: "99999" })).code).toBe(1);
    expect(await machine.elapsed()).toBe(300);
    expect(await machine.status()).toEqual({ state: "failed", stage: "Bitcoin Core did not answer within 300 s" });
  });

  test("a registry that is down for a while is asked again", async () => {
    await fresh();
    await machine.put("pull-fails", "3");
    expect((await machine.script("bitcoind.sh")).code).toBe(0);
    await machine.remove();
    await fresh();
    await machine.put("pull-fails", "999");
    expect((await machine.script("bitcoind.sh")).code).toBe(1);
    expect((await machine.status()).stage).toBe("The image bitcoin/bitcoin:29.3 cannot be had");
  });
});

withBash("LND", () => {
  test("late: awaited up to 6 minutes", async () => {
    await fresh();
    expect((await machine.script("install.sh", { LND_AFTER: "355" })).code).toBe(0);
    expect(await machine.elapsed()).toBeGreaterThan(355);
    expect(await machine.status()).toMatchObject({ state: "ready" });
  });

  test("never: the set-up ends after 6 minutes, says why, and starts no LNbits", async () => {
    await fresh();
    expect((await machine.script("install.sh", { LND_AFTER: "99999" })).code).toBe(1);
    expect(await machine.status()).toEqual({ state: "failed", stage: "LND did not answer within 360 s" });
    // Bitcoin Core took the first 10 s.
    expect(await machine.elapsed()).toBe(370);
    expect((await machine.calls()).filter((call) => call.includes("--name lnbits"))).toEqual([]);
    expect(await machine.exists(CREDENTIALS)).toBe(false);
  });

  test("a seed that fails to come, or comes short, is asked for again, and none is ever half", async () => {
    await fresh();
    await machine.put("genseed-fails", "2");
    await machine.put("genseed-short", "2");
    expect((await machine.script("install.sh")).code).toBe(0);
    expect(await machine.file(CREDENTIALS)).toMatch(/LND seed \(24 words\): absorb( word[a-w]){23}\n/);
    await machine.remove();
    await fresh();
    await machine.put("genseed-short", "999");
    expect((await machine.script("install.sh")).code).toBe(1);
    expect((await machine.status()).stage).toBe("LND gave no seed of 24 words");
    await expect(machine.read("wallet")).rejects.toThrow();
  });

  test("a wallet whose making was not confirmed is there all the same", async () => {
    await fresh();
    await machine.put("initwallet-lost", "1");
    expect((await machine.script("install.sh")).code).toBe(0);
    expect((await callsOf("curl")).filter((call) => call.includes("initwallet"))).toHaveLength(1);
  });

  test("a set-up that was cut off between seed and wallet goes on with that seed", async () => {
    await fresh();
    const words = Array.from({ length: 24 }, (_, n) => `"kept${"abcdefghijklmnopqrstuvwx"[n]}"`).join(",");
    await writeFile(join(machine.root, SECRETS, "lnd-seed"), words);
    expect((await machine.script("install.sh")).code).toBe(0);
    expect(await machine.read("wallet")).toContain(`[${words}]`);
    expect((await callsOf("curl")).filter((call) => call.includes("genseed"))).toEqual([]);
  });

  test("without an admin macaroon the set-up ends", async () => {
    await fresh();
    expect((await machine.script("install.sh", { MACAROON_NEVER: "yes" })).code).toBe(1);
    expect((await machine.status()).stage).toBe("LND wrote no admin macaroon within 180 s");
  });
});

withBash("the private network", () => {
  test("Tailscale is installed from its own packages, joined once, and the key is gone", async () => {
    await fresh({ withoutTailscale: true });
    await machine.put("apt-fails", "1");
    expect((await machine.script("tailscale.sh")).code).toBe(0);
    expect(await machine.file("usr/share/keyrings/tailscale-archive-keyring.gpg")).toBe("a key");
    expect(await machine.file("etc/apt/sources.list.d/tailscale.list")).toBe("deb a list");
    const key = join(machine.root, SECRETS, "tailscale-key");
    expect(await callsOf("tailscale")).toEqual([
      `tailscale up --timeout=60s --auth-key=file:${key} --hostname=timmy-node-1`,
    ]);
    expect(await machine.exists(`${SECRETS}/tailscale-key`)).toBe(false);
    await machine.script("tailscale.sh");
    expect(await callsOf("tailscale")).toHaveLength(1);
  });

  test("an unwilling network is asked for five minutes, and the key kept", async () => {
    await fresh();
    await machine.put("tailscale-fails", "3");
    expect((await machine.script("tailscale.sh")).code).toBe(0);
    await machine.remove();
    await fresh();
    await machine.put("tailscale-fails", "999");
    expect((await machine.script("install.sh")).code).toBe(1);
    expect((await machine.status()).stage).toBe("The private network lets nobody in");
    expect(await machine.exists(`${SECRETS}/tailscale-key`)).toBe(true);
  });
});

withBash("the status page", () => {
  test("tells the workshop how far it is", async () => {
    await fresh();
    const asked = () => machine.served((url) => askNodeStatus(url, 10_000));
    expect(await asked()).toEqual({ state: "starting", stage: "The machine is starting" });
    await machine.script("install.sh", { LND_AFTER: "99999" });
    expect(await asked()).toEqual({ state: "failed", stage: "LND did not answer within 360 s" });
    await machine.script("install.sh");
    expect(await asked()).toEqual({ state: "ready", stage: "The node is up" });
  });

  test("takes no notice of what it is asked, and reads no more than it must", async () => {
    await fresh();
    const answers = await machine.served((url) =>
      Promise.all([
        fetch(`${url}/../../etc/passwd?$(id)`, { headers: { "X-Long": "x".repeat(20_000) } }),
        fetch(url, { method: "POST", body: "y".repeat(100) }),
      ]).then((replies) => Promise.all(replies.map((reply) => reply.text()))),
    );
    for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ state: "starting" });
  });

  test("is closed a day after the node is up, once", async () => {
    await fresh();
    await machine.script("install.sh");
    const closed = async () => (await callsOf("ufw")).filter((call) => call === "ufw delete allow 8099/tcp").length;
    await machine.script("watch.sh");
    expect(await closed()).toBe(0);
    await machine.run("touch", ["-d", "2 days ago", join(machine.root, "opt/timmy-node/status.json")]);
    await machine.script("watch.sh");
    await machine.script("watch.sh");
    expect(await closed()).toBe(1);
    expect(await callsOf("systemctl")).toContain("systemctl disable --now timmy-node-status.socket");
  });
});

withBash("LNbits and LND", () => {
  const restarts = async () => (await machine.calls()).filter((call) => call === "docker restart lnbits").length;

  test("LNbits is started again once LND serves, after each start of the machine", async () => {
    await fresh();
    await machine.script("install.sh");
    await machine.script("watch.sh", { LND_STATE: "RPC_ACTIVE" });
    expect(await restarts()).toBe(0);
    await machine.script("watch.sh", { LND_STATE: "SERVER_ACTIVE" });
    await machine.script("watch.sh", { LND_STATE: "SERVER_ACTIVE" });
    expect(await restarts()).toBe(1);
    await machine.run("rm", [join(machine.root, "run/timmy-node-lnbits-joined")]); // what lies in /run is gone then
    await machine.script("watch.sh", { LND_STATE: "SERVER_ACTIVE" });
    expect(await restarts()).toBe(2);
  });

  test("LNbits that never answers ends the set-up", async () => {
    await fresh();
    expect((await machine.script("install.sh", { LNBITS_AFTER: "99999" })).code).toBe(1);
    expect((await machine.status()).stage).toBe("LNbits did not answer within 300 s");
  });
});

withBash("ops.sh", () => {
  const ops = async (...args: string[]) => machine.script("ops.sh", {}, ...args);

  test("sync, lnd, lnbits and logs say how things are", async () => {
    await fresh();
    await machine.script("install.sh");
    expect((await ops("sync")).stdout).toBe(
      "Block 412345 of 900000, 42.34 % verified.\nThe first synchronisation takes 1 to 2 weeks.\n",
    );
    expect((await ops("lnd")).stdout).toMatch(/^LND waits until Bitcoin Core is in sync\./);
    expect((await machine.script("ops.sh", { LND_STATE: "SERVER_ACTIVE" }, "lnd")).stdout).toMatch(/^LND is up\./);
    expect((await ops("lnbits")).stdout).toMatch(/^LNbits URL: http:\/\/100\.64\.0\.7:5000\nLNbits is up\./);
    expect((await ops("logs")).stdout).toContain("Bitcoin Core is starting");
    await ops("logs", "lnd");
    expect(await callsOf("docker")).toContain("docker logs --tail 100 lnd");
  });

  test("what does not answer is told with where to look, and ends with 1; nonsense ends with 2", async () => {
    await fresh();
    for (const what of ["sync", "lnd", "lnbits"]) {
      const said = await ops(what);
      expect([what, said.code, said.stdout]).toEqual([what, 1, expect.stringMatching(/does not answer\. Look at: /)]);
    }
    for (const args of [[], ["reboot"], ["logs", "../../etc/shadow"]]) expect((await ops(...args)).code).toBe(2);
  });
});
