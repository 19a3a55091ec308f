import type { z } from "zod";
import { NodeStatus } from "~/modules/operator/operator-schema";
import { type Problem, problemOfBody } from "~/ui/api/problem";

/** The server refused, or was not reached. */
export class OperatorRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code ?? "no answer");
  }
}

/** Without the browser's own credentials: it would ask for a password by itself. */
async function call(path: string, token: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { ...init.headers, Authorization: `Bearer ${token}` };
  let reply: Response;
  try {
    reply = await fetch(`/api/admin${path}`, { ...init, headers, credentials: "omit", cache: "no-store" });
  } catch {
    throw new OperatorRefused({ code: null, status: null, detail: null });
  }
  const body: unknown = await reply.json().catch(() => null);
  if (!reply.ok) throw new OperatorRefused(problemOfBody(reply.status, body));
  return body;
}

export const fetchStatus = async (token: string, signal: AbortSignal): Promise<NodeStatus> =>
  NodeStatus.parse(await call("/node-status", token, { signal }));

/** Something done by hand, once for its key. */
export const act = async <T>(
  token: string,
  key: string,
  path: string,
  body: object,
  answer: z.ZodType<T>,
): Promise<T> =>
  answer.parse(
    await call(path, token, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    }),
  );
