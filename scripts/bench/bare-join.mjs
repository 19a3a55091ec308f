/** Plain `node:http` that answers a job by one prepared join on `pg`: no routing, no checks, no shape. */
import { createServer } from "node:http";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 12 });
const text = `
  SELECT j.*, e.payment_request AS eval_request, e.payment_hash AS eval_hash, e.amount_sats AS eval_sats,
    w.payment_request AS work_request, w.payment_hash AS work_hash, w.amount_sats AS work_sats
  FROM job j
  LEFT JOIN invoice e ON e.order_id = j.id AND e.purpose = 'eval'
  LEFT JOIN invoice w ON w.order_id = j.id AND w.purpose = 'work'
  WHERE j.id = $1`;

const server = createServer(async (request, response) => {
  const id = request.url.slice("/api/jobs/".length);
  const { rows } = await pool.query({ name: "job", text, values: [id] });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(rows[0]));
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
process.once("SIGTERM", () => process.exit(0));
