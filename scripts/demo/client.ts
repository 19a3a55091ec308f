import { setTimeout as pause } from "node:timers/promises";

// biome-ignore lint/suspicious/noExplicitAny: the demo reads answers as any client in plain JavaScript would
type Answer = any;

/** A client of the API in a few lines: what the reader would write with curl. */
export function api(base: string) {
  async function call(path: string, init: RequestInit): Promise<Answer> {
    const reply = await fetch(`${base}${path}`, init);
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  }
  return {
    get: (path: string) => call(path, {}),
    post: (path: string, body: object) =>
      call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  };
}

const PATIENCE_MS = 60_000;

/** Polls, with growing pauses, until the answer says so. */
export async function until(ask: () => Promise<Answer>, wanted: string, field = "state"): Promise<Answer> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let wait = 50; Date.now() < deadline; wait = Math.min(wait * 2, 1000)) {
    const answer = await ask();
    if (answer[field] === wanted) return answer;
    await pause(wait);
  }
  throw new Error(`still not ${wanted} after ${PATIENCE_MS / 1000} s`);
}
