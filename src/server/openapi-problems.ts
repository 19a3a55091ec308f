import { z } from "zod";
import type { ZodOpenApiResponsesObject } from "zod-openapi";
import type { AppErrorCode } from "./app-error";
import { PROBLEMS } from "./problems";

/** Some codes bring members of their own along, as RFC 9457 allows. */
const problemOf = (codes: readonly string[]) =>
  z.looseObject({
    type: z.string().meta({ description: "URI reference of the explanation" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes as [string, ...string[]]).meta({ description: "Stable: what a program should look at" }),
  });
const RetryAfter = z.object({ "Retry-After": z.string().meta({ description: "Seconds to wait" }) });

/** The responses that the given errors become, one for each status. */
export function problemResponses(errors: readonly AppErrorCode[]): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, Map<string, string>>();
  for (const error of errors) {
    const { status, code, title } = PROBLEMS[error];
    byStatus.set(status, (byStatus.get(status) ?? new Map()).set(code, title));
  }
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, titles] of byStatus) {
    responses[`${status as 400}`] = {
      description: [...titles].map(([code, title]) => `\`${code}\`: ${title}`).join("\n\n"),
      ...((status === 429 || status === 503) && { headers: RetryAfter }),
      content: { "application/problem+json": { schema: problemOf([...titles.keys()]) } },
    };
  }
  return responses;
}
