import { z } from "zod";
import type { AppError, FieldFault } from "./app-error";

/** A fault that has a code of its own, as a schema's custom issue carries it in `params`. */
const CodedFault = z.discriminatedUnion("code", [
  z.object({ code: z.literal("REQUEST_MISSING") }),
  z.object({ code: z.literal("REQUEST_TOO_LONG"), limit: z.int().optional(), length: z.int().optional() }),
  z.object({ code: z.literal("REQUEST_UNREADABLE") }),
]);

/** What is wrong with an input, from the issues of the schema that refused it. */
export function faultsOf(issues: readonly z.core.$ZodIssue[]): AppError {
  for (const issue of issues) {
    const { message: detail } = issue;
    const coded = CodedFault.safeParse(issue.code === "custom" ? issue.params : undefined);
    if (!coded.success) continue;
    const fault = coded.data;
    switch (fault.code) {
      case "REQUEST_MISSING":
        return { code: "requestMissing", detail };
      case "REQUEST_TOO_LONG": {
        const { limit, length } = fault;
        return { code: "requestTooLong", detail, ...(limit && { limit }), ...(length && { length }) };
      }
      case "REQUEST_UNREADABLE":
        return { code: "requestUnreadable", detail };
    }
  }
  const faults = issues.map(({ path, message }): FieldFault => ({ field: path.map(String).join("."), message }));
  return { code: "invalidRequest", faults: faults.slice(0, MOST_FAULTS) };
}

/** A hostile input could have thousands: an answer must stay small. */
const MOST_FAULTS = 10;
