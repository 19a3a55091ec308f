import { expect } from "vitest";

/** Calls the API of one server, as programs do. */
export function edgeClient(url: string) {
  const call = (path: string, init?: RequestInit) => fetch(url + path, { redirect: "manual", ...init });
  return {
    call,
    /** An object is sent as JSON, a text as it is. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      call(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** The answer is this problem, as RFC 9457 wants it. */
export async function expectProblem(reply: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const body = (await reply.json()) as Record<string, unknown>;
  expect({ status: reply.status, code: body.code }).toEqual({ status, code });
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ status, type: `/docs#${code}`, title: expect.any(String), detail: expect.any(String) });
  expect(reply.headers.get("cache-control")).toBe("no-store");
  return body;
}
