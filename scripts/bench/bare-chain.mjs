/**
 * The steps from a webhook to the prompt, written plainly: HTTP in, the wallet asked over HTTP, one SQL statement,
 * NOTIFY to a listener, HTTP to the model's server. No ledger, no queue, no retry, no second chance.
 */
import { createServer } from "node:http";
import { text as readText } from "node:stream/consumers";
import pg from "pg";

const [databaseUrl, walletUrl, modelUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });
const listener = new pg.Client({ connectionString: databaseUrl });
await listener.connect();
await listener.query("LISTEN bare_paid");
listener.on("notification", async ({ payload }) => {
  const reply = await fetch(`${modelUrl}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "test-key", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({
      model: "claude-sonnet-5-5",
      max_tokens: 2048,
      system: "You are Timmy, a wizard who does small pieces of work.",
      messages: [{ role: "user", content: payload }],
      stream: true,
    }),
  });
  await reply.text();
});

async function follow(paymentHash) {
  const reply = await fetch(`${walletUrl}/api/v1/payments/${paymentHash}`, { headers: { "x-api-key": "bench" } });
  if (!(await reply.json()).paid) return;
  const { rows } = await pool.query({
    name: "pay",
    text: "UPDATE bare_order SET paid = true WHERE payment_hash = $1 AND NOT paid RETURNING request",
    values: [paymentHash],
  });
  if (!rows[0]) return;
  await pool.query({ name: "tell", text: "SELECT pg_notify('bare_paid', $1)", values: [rows[0].request] });
}

const server = createServer(async (request, response) => {
  const { payment_hash: paymentHash } = JSON.parse(await readText(request));
  response.end("{}");
  await follow(paymentHash);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
process.once("SIGTERM", () => process.exit(0));
