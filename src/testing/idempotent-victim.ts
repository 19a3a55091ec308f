import { randomUUID } from "node:crypto";
import { ok } from "~/core/result";
import { openDatabase } from "~/db/client";
import { idempotency } from "~/server/idempotency";
import { idempotencyStore } from "~/server/idempotency-store";

// A process that makes a thing under a key, says so, and is then killed before it can answer.
const [url = "", secret = "", key = ""] = process.argv.slice(2);
const db = openDatabase(url, { poolSize: 2 });
const call = { key, method: "POST", path: "/api/things", credential: "", body: "{}" };
await idempotency(idempotencyStore(db), secret).once(call, 201, async (keep) => {
  const answer = { id: randomUUID() };
  await db.inTx(async (tx) => {
    await tx.$executeRaw`insert into thing (id, key) values (${answer.id}::uuid, ${key})`;
    await keep(tx, answer);
  });
  process.send?.(answer);
  await new Promise(() => setInterval(() => undefined, 1000));
  return ok(answer);
});
