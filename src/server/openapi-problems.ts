import { z } from "zod";
import type { ZodOpenApiResponsesObject } from "zod-openapi";
import type { AppErrorCode } from "./app-error";
import { sampleError, sampleProblem } from "./problem-samples";
import { headersOf, PROBLEMS, type Problem } from "./problems";

/** What an answer may carry besides its body, in words for readers of the description. */
const HEADERS: Readonly<Record<string, string>> = {
  Allow: "The methods that this path supports",
  "Content-Location": "Where to find the answer, should the stream break off",
  "Idempotency-Replayed": "`true`: this answer was already given to the same key",
  Location: "Where to go",
  "Retry-After": "Seconds to wait before trying again",
  "X-Accel-Buffering": "`no` if the answer is a stream: tells proxies not to buffer it",
  "WWW-Authenticate": "Which credential is required",
};
const headerSchema = (name: string) => z.string().meta({ description: HEADERS[name] ?? name });

/** The responses that the given errors become, one for each status. `replayed`: they are kept under an Idempotency-Key. */
export function problemResponses(
  errors: readonly AppErrorCode[],
  { replayed = false }: { replayed?: boolean } = {},
): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, Map<string, AppErrorCode>>();
  for (const error of errors) {
    const { status, code } = PROBLEMS[error];
    byStatus.set(status, new Map(byStatus.get(status)).set(code, error));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const kept = replayed && status < 500 && status !== 429;
      return [`${status as 400}`, problemResponse([...codes.values()], kept)];
    }),
  );
}

/** The one answer that these errors of one status become. */
export function problemResponse(errors: readonly AppErrorCode[], kept = false) {
  const problems = errors.map(sampleProblem);
  const headers = headersOfAll(errors);
  const shape = {
    ...headers,
    ...(kept && { "Idempotency-Replayed": headerSchema("Idempotency-Replayed").optional() }),
  };
  const [first = z.never(), ...others] = errors.map(problemSchema);
  return {
    description: problems.map(({ code, title }) => `\`${code}\`: ${title}`).join("\n\n"),
    ...(Object.keys(shape).length > 0 && { headers: z.object(shape) }),
    content: {
      "application/problem+json": {
        schema: others.length === 0 ? first : z.union([first, ...others]),
        examples: Object.fromEntries(problems.map((problem) => [problem.code, { value: problem }])),
      },
    },
  };
}

/** A header that every one of these errors brings is there for sure. */
function headersOfAll(errors: readonly AppErrorCode[]): Record<string, z.ZodType> {
  const sent = errors.map((error) => Object.keys(headersOf(sampleError(error), sampleProblem(error))));
  return Object.fromEntries(
    [...new Set(sent.flat())].map((name) => {
      const always = sent.every((names) => names.includes(name));
      return [name, always ? headerSchema(name) : headerSchema(name).optional()];
    }),
  );
}

/** By code on the wire: each is one component of the document, however many answers it is in. */
const schemas = new Map<string, z.ZodType>();

function problemSchema(error: AppErrorCode): z.ZodType {
  const problem = sampleProblem(error);
  const schema = schemas.get(problem.code) ?? membersOf(problem, error).meta({ id: problem.code });
  schemas.set(problem.code, schema);
  return schema;
}

/** Those of RFC 9457, and those that the code brings along, as its sample has them. */
function membersOf({ type, title, status, detail: _, code, ...more }: Problem, error: AppErrorCode): z.ZodType {
  return z.strictObject({
    type: z.literal(type).meta({ description: "Where the code is explained" }),
    title: z.literal(title),
    status: z.literal(status),
    detail: typeof PROBLEMS[error].detail === "string" ? z.literal(PROBLEMS[error].detail) : z.string(),
    code: z.literal(code).meta({ description: "Stable: what a program should look at" }),
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, schemaLike(value).optional()])),
  });
}

function schemaLike(value: unknown): z.ZodType {
  if (typeof value === "number") return z.number();
  if (Array.isArray(value)) return z.array(schemaLike(value[0]));
  if (typeof value !== "object" || value === null) return z.string();
  const members = Object.entries(value).map(([name, member]) => [name, schemaLike(member)]);
  return z.strictObject(Object.fromEntries(members));
}

/** Headers that always come. */
export const headersOfAnswer = (names: readonly string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, headerSchema(name)])));
/** Headers that come where there is reason to. */
export const headersThatMayCome = (names: readonly string[]) => headersOfAnswer(names).partial();
