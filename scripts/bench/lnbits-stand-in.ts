import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { signInvoice } from "~/adapters/bolt11/sign-invoice";
import { msat } from "~/core/money";

/**
 * The two calls of LNbits that this measurement is about, making an invoice and looking one up, answered at once; and
 * as much of the rest as keeps the app content. Real Lightning takes seconds, which would hide what we want to see.
 */
export type LnbitsStandIn = {
  url: string;
  /** An invoice that nobody made over HTTP: its hash. */
  invoice(): string;
  /** From now on a look-up says that the invoice is paid. Answers where its webhook goes. */
  pay(paymentHash: string): string;
  stop(): Promise<void>;
};

type Kept = { amountMsat: number; paid: boolean; webhook: string; expiry: string };

const NewPayment = z.object({ amount: z.int(), memo: z.string(), expiry: z.int(), webhook: z.string() });
const PRIVATE_KEY = "11".repeat(32);
const ONE_PAYMENT = /^\/api\/v1\/payments\/([0-9a-f]{64})$/;

export async function startLnbitsStandIn(): Promise<LnbitsStandIn> {
  const invoices = new Map<string, Kept>();
  const rowOf = (hash: string, { amountMsat, paid, expiry }: Kept) => ({
    payment_hash: hash,
    amount: amountMsat,
    fee: 0,
    status: paid ? "success" : "pending",
    expiry,
  });

  function create(body: string) {
    const { amount, memo, expiry, webhook } = NewPayment.parse(JSON.parse(body));
    const paymentHash = createHash("sha256").update(randomBytes(32)).digest("hex");
    const createdAt = new Date();
    const bolt11 = signInvoice({
      network: "bcrt",
      amountMsat: msat(BigInt(amount) * 1000n),
      paymentHash,
      paymentSecret: randomBytes(32).toString("hex"),
      description: memo,
      createdAt,
      expirySeconds: expiry,
      privateKey: PRIVATE_KEY,
    });
    const expiresAt = new Date(createdAt.getTime() + expiry * 1000).toISOString();
    invoices.set(paymentHash, { amountMsat: amount * 1000, paid: false, webhook, expiry: expiresAt });
    return { payment_hash: paymentHash, bolt11 };
  }

  async function answer(http: IncomingMessage): Promise<object | null> {
    const { pathname, searchParams } = new URL(http.url ?? "/", "http://stand-in");
    if (pathname === "/api/v1/payments" && http.method === "POST") return create(await readText(http));
    if (pathname === "/api/v1/wallet") return { balance: balance(invoices) };
    if (pathname === "/api/v1/payments/paginated") {
      const hashes = searchParams.get("payment_hash[in]")?.split(",") ?? [];
      const known = hashes.flatMap((hash) => {
        const invoice = invoices.get(hash);
        return invoice ? [rowOf(hash, invoice)] : [];
      });
      return { data: known };
    }
    const hash = ONE_PAYMENT.exec(pathname)?.[1] ?? "";
    const invoice = invoices.get(hash);
    return invoice ? { paid: invoice.paid, details: rowOf(hash, invoice) } : null;
  }

  const server = createServer(async (http, reply: ServerResponse) => {
    const found = await answer(http).catch((error: unknown) => ({ detail: String(error) }));
    reply.writeHead(found ? ("detail" in found ? 400 : 200) : 404, { "content-type": "application/json" });
    reply.end(JSON.stringify(found ?? { detail: "Payment does not exist." }));
  });
  // A healthy websocket that tells nothing: what is measured is the webhook.
  const sockets = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoice: () => create(JSON.stringify({ amount: 10, memo: "bare", expiry: 3600, webhook: "" })).payment_hash,
    pay(paymentHash) {
      const invoice = invoices.get(paymentHash);
      if (!invoice) throw new Error("an invoice that was never made cannot be paid");
      invoice.paid = true;
      return invoice.webhook;
    },
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const balance = (invoices: ReadonlyMap<string, Kept>): number =>
  [...invoices.values()].reduce((sum, { amountMsat, paid }) => sum + (paid ? amountMsat : 0), 0);
