import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Eventually } from "./patience";

export type Reply = { status: number; body: unknown };
/** `key`: the `Idempotency-Key`; without one each call has its own. */
export type Asking = { key?: string; headers?: Readonly<Record<string, string>> };
type Call = { method: string; path: string; body?: object; headers: Record<string, string> };

const Piece = z.object({ text: z.string() });

/** A client as the API asks for: whatever is not answered is asked again, with the same `Idempotency-Key`. */
export function client(origin: () => string | null, eventually: Eventually) {
  const send = <T>({ method, path, body, headers }: Call, read: (reply: Response) => Promise<T | null>): Promise<T> =>
    eventually(`${method} ${path.slice(0, 24)}`, async () => {
      const at = origin();
      if (!at) return null;
      try {
        const reply = await fetch(`${at}${path}`, {
          method,
          headers: { "content-type": "application/json", ...headers },
          ...(body && { body: JSON.stringify(body) }),
        });
        const answer = await read(reply);
        return reply.status >= 500 || reply.status === 429 ? null : answer;
      } catch {
        return null; // the server was killed before it had answered
      }
    });
  const whole = async (reply: Response): Promise<Reply> => ({ status: reply.status, body: await reply.json() });
  const keyed = ({ key = randomUUID(), headers }: Asking) => ({ "idempotency-key": key, ...headers });

  return {
    get: (path: string, headers: Record<string, string> = {}) => send({ method: "GET", path, headers }, whole),
    post: (path: string, body: object, asking: Asking = {}) =>
      send({ method: "POST", path, body, headers: keyed(asking) }, whole),
    delete: (path: string, body: object) => send({ method: "DELETE", path, body, headers: {} }, whole),
    /** Reads the answer as it is made. `text`: what came in pieces; null where there were none. */
    stream: (path: string, body: object, asking: Asking = {}): Promise<Reply & { text: string | null }> =>
      send(
        { method: "POST", path, body, headers: { ...keyed(asking), accept: "text/event-stream" } },
        async (reply) => {
          if (!reply.headers.get("content-type")?.startsWith("text/event-stream")) {
            return { ...(await whole(reply)), text: null };
          }
          const events = eventsIn(await reply.text());
          const pieces = events.filter(({ name }) => name === "delta").map(({ data }) => Piece.parse(data).text);
          const done = events.find(({ name }) => name === "done");
          // Broken off, or an error of the server's: it is asked again, and is the same request.
          return done ? { status: 200, body: done.data, text: pieces.length > 0 ? pieces.join("") : null } : null;
        },
      ),
  };
}
export type Client = ReturnType<typeof client>;

const eventsIn = (text: string): { name: string; data: unknown }[] =>
  [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, name = "", data = ""]) => ({
    name,
    data: JSON.parse(data) as unknown,
  }));
