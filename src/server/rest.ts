import type { AnyTRPCProcedure } from "@trpc/server";
import type { Context as HonoContext } from "hono";
import { type Answers, isClosedToSites } from "./answer";
import { type CallDeps, contextOf, type RequestInfo } from "./call-context";
import { eventStream, wantsEvents } from "./event-stream";
import { appErrorOf } from "./failure";
import { problemOf } from "./problems";
import { jsonObject, readBody } from "./request-body";
import { appRouter } from "./router";
import type { Context, OpenApiMeta } from "./trpc";

export type RestProcedure = { name: string; procedure: AnyTRPCProcedure; meta: OpenApiMeta };

/** The procedures that are served over REST, which is all of them but the subscriptions. */
export const restProcedures: readonly RestProcedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>, // flat at run time, by dotted name
).flatMap(([name, procedure]) => {
  const meta = (procedure._def.meta as { openapi?: OpenApiMeta } | undefined)?.openapi;
  return meta ? [{ name, procedure, meta }] : [];
});

/** Answers a REST request by the procedure: path, query and body together are its input. Throws what that throws. */
export function restHandler({ name, procedure, meta }: RestProcedure, deps: CallDeps, answers: Answers) {
  const { maxBodyBytes } = deps.container.settings;
  const status = meta.status ?? 200;
  const { type } = procedure._def;
  const json = isClosedToSites(`/api${meta.path}`) ? answers.privateJson : answers.json;

  return async (c: HonoContext<{ Bindings: RequestInfo }>): Promise<Response> => {
    const request = c.req.raw;
    const params: Record<string, string> = c.req.param();
    let body = "";
    let input: Record<string, unknown> = params;
    if (type === "query") {
      if (request.url.includes("?")) input = { ...c.req.query(), ...params };
    } else {
      body = await readBody(request, maxBodyBytes);
      input = { ...jsonObject(body, request.headers.get("content-type")), ...params };
    }
    const ctx = contextOf(deps, request, c.req.path, body, c.env);
    const call = { ctx, input, getRawInput: async () => input, path: name, type, signal: undefined, batchIndex: 0 };
    try {
      if (meta.streamed && wantsEvents(request.headers.get("accept"))) {
        const run = (listener: Context["listener"]) => procedure({ ...call, ctx: { ...ctx, listener } });
        const problem = (error: unknown) => problemOf(appErrorOf(error, deps.container.log));
        return answers.events(await eventStream(run, problem), ctx.answerHeaders);
      }
      return json(status, await procedure(call), ctx.answerHeaders);
    } catch (error) {
      return answers.problem(appErrorOf(error, deps.container.log), ctx.path, ctx.answerHeaders);
    }
  };
}
