import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

export type Answer = { status: number; body: Record<string, unknown> };

/** A request that got no answer, or one that is not the client's fault. */
export type Failure = { what: string; at: number };

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const PATIENCE_MS = 90_000;

/**
 * Clients of the cluster: they count what fails, and then do as the API says: send the same again, with the same key.
 */
export function requests(url: string) {
  const failures: Failure[] = [];
  let answered = 0;

  async function once(method: string, path: string, init: RequestInit): Promise<Answer | null> {
    const what = `${method} ${path.replace(/[0-9a-f-]{36}|[0-9a-f]{64}/g, "…")}`;
    try {
      const reply = await fetch(url + path, { method, ...init });
      const text = await reply.text();
      if (reply.status >= 500 || reply.status === 429) {
        failures.push({ what: `${what}: ${reply.status} ${text.slice(0, 200)}`, at: Date.now() });
        return null;
      }
      answered += 1;
      return { status: reply.status, body: text.startsWith("{") ? JSON.parse(text) : {} };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      failures.push({ what: `${what}: no answer (${cause})`, at: Date.now() });
      return null;
    }
  }

  async function ask(method: string, path: string, init: RequestInit): Promise<Answer> {
    const until = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const answer = await once(method, path, init);
      if (answer) return answer;
      if (Date.now() > until)
        throw new Error(`${method} ${path.slice(0, 20)} found no answer in ${PATIENCE_MS / 1000} s`);
      await pause(wait);
    }
  }

  return {
    failures,
    answered: () => answered,
    get: (path: string, headers: Record<string, string> = {}) => ask("GET", path, { headers }),
    /** Whatever it makes is made once: every try has the same key. */
    post: (path: string, body: object, headers: Record<string, string> = {}) =>
      ask("POST", path, {
        headers: { "content-type": "application/json", "idempotency-key": randomUUID(), ...headers },
        body: JSON.stringify(body),
      }),
  };
}
export type Requests = ReturnType<typeof requests>;
