/**
 * The bare work of L402 on plain `node:http`: `POST /` signs an invoice and a macaroon's first link and writes the order
 * by one statement; `GET /` finds the order by its credential with one prepared join and computes the link again. No
 * wallet, no limits, no ledger, no shape.
 */
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { signInvoice } from "~/adapters/bolt11/sign-invoice";
import { msat } from "~/core/money";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 12 });
await pool.query("CREATE TABLE bare_key (id_hash text PRIMARY KEY, root_key bytea NOT NULL, order_id uuid NOT NULL)");
await pool.query("CREATE TABLE bare_paid_order (id uuid PRIMARY KEY, payment_request text NOT NULL)");

const WRITE = {
  name: "write",
  text: `WITH made AS (INSERT INTO bare_paid_order VALUES ($1, $2) RETURNING id)
    INSERT INTO bare_key SELECT $3, $4, id FROM made`,
} as const;
const READ = {
  name: "read",
  text: "SELECT k.root_key, o.payment_request FROM bare_key k JOIN bare_paid_order o ON o.id = k.order_id WHERE k.id_hash = $1",
} as const;

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const linkOf = (rootKey: Buffer, id: string) => createHmac("sha256", rootKey).update(id).digest("hex");

async function challenge() {
  const [rootKey, id] = [randomBytes(32), randomBytes(32).toString("hex")];
  const paymentRequest = signInvoice({
    network: "bcrt",
    amountMsat: msat(40_000n),
    paymentHash: hashOf(id),
    paymentSecret: randomBytes(32).toString("hex"),
    description: "bare",
    createdAt: new Date(),
    expirySeconds: 3600,
    privateKey: "11".repeat(32),
  });
  await pool.query({ ...WRITE, values: [randomUUID(), paymentRequest, hashOf(id), rootKey] });
  return { credential: `${id}.${linkOf(rootKey, id)}`, paymentRequest };
}

async function verify(credential: string) {
  const [id = "", link] = credential.split(".");
  const { rows } = await pool.query({ ...READ, values: [hashOf(id)] });
  return { good: linkOf(rows[0].root_key, id) === link, paymentRequest: rows[0].payment_request };
}

const server = createServer(async (request, response) => {
  const made = request.method === "POST" ? await challenge() : await verify(request.headers.authorization ?? "");
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(made));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
process.once("SIGTERM", () => process.exit(0));
