import type { Eventually } from "./patience";

export type Reply = { status: number; body: unknown };

/** A client as the API asks for: whatever is not answered is asked again, with the same `Idempotency-Key`. */
export function client(origin: () => string | null, eventually: Eventually) {
  async function send(method: string, path: string, body?: object, key?: string): Promise<Reply> {
    return eventually(`${method} ${path.slice(0, 24)}`, async () => {
      const at = origin();
      if (!at) return null;
      try {
        const reply = await fetch(`${at}${path}`, {
          method,
          headers: { "content-type": "application/json", ...(key && { "idempotency-key": key }) },
          ...(body && { body: JSON.stringify(body) }),
        });
        const answer: unknown = await reply.json();
        return reply.status >= 500 || reply.status === 429 ? null : { status: reply.status, body: answer };
      } catch {
        return null; // the server was killed before it had answered
      }
    });
  }

  return {
    get: (path: string) => send("GET", path),
    post: (path: string, body: object, key?: string) => send("POST", path, body, key),
    delete: (path: string, body: object) => send("DELETE", path, body),
  };
}
export type Client = ReturnType<typeof client>;
