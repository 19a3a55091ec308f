import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";

// scripts/bitcoin-ln-node/get-lnbits-key.sh against a real LNbits; the rest of it is tested beside it.

const SCRIPT = join(import.meta.dirname, "../../scripts/bitcoin-ln-node/get-lnbits-key.sh");
const server = inject("lnbits");
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "timmy-key-script-"));
  await mkdir(join(home, "secrets"));
  await writeFile(join(home, "secrets/lnbits-password"), "a password for tests");
});
afterAll(() => rm(home, { recursive: true }));

async function keyFor(...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_HOME: home, LNBITS_URL: server.url, LNBITS_USER: "superuser" };
  return (await promisify(execFile)("sh", [SCRIPT, ...args], { env })).stdout;
}

test("its keys open one wallet, the same at every call, and the invoice key pays nothing", async () => {
  const [admin, invoice] = [await keyFor(), await keyFor("--invoice")];
  expect(admin).toMatch(/^[0-9a-f]{32}\n$/);
  expect(invoice).toMatch(/^[0-9a-f]{32}\n$/);
  expect(invoice).not.toBe(admin);
  expect(await keyFor()).toBe(admin);
  const Wallet = z.object({ name: z.string(), balance: z.number(), id: z.string().optional() });
  const open = async (key: string) => {
    const reply = await fetch(`${server.url}/api/v1/wallet`, { headers: { "X-Api-Key": key.trim() } });
    return Wallet.parse(await reply.json());
  };
  const [byAdmin, byInvoice] = [await open(admin), await open(invoice)];
  // LNbits tells the id to the admin key alone.
  expect(byAdmin).toMatchObject({ name: byInvoice.name, id: expect.any(String) });
  expect(byInvoice.id).toBeUndefined();
});
