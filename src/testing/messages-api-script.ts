import { z } from "zod";

const fault = z.discriminatedUnion("kind", [
  /** 429, with `retry-after` in seconds. */
  z.object({ kind: z.literal("rateLimited"), retryAfterSeconds: z.number().default(0.01) }),
  /** 529. */
  z.object({ kind: z.literal("overloaded"), retryAfterSeconds: z.number().default(0.01) }),
  /** 500, or another status, as an error of the API. */
  z.object({
    kind: z.literal("apiError"),
    status: z.int().default(500),
    type: z.string().default("api_error"),
    message: z.string().default("Internal server error"),
  }),
  /** A page of HTML, as from a proxy in between. */
  z.object({ kind: z.literal("html"), status: z.int().default(502) }),
  /** The request is read and never answered. */
  z.object({ kind: z.literal("hang") }),
  /** The connection is cut before anything is answered. */
  z.object({ kind: z.literal("cut") }),
  /** Half of the answer, then the connection is cut. */
  z.object({ kind: z.literal("brokenStream") }),
  /** Half of the answer, then an orderly end of the response, without `message_stop`. */
  z.object({ kind: z.literal("endedStream") }),
  /** Half of the answer, then silence. */
  z.object({ kind: z.literal("stalledStream") }),
  /** Half of the answer, then an `error` event. */
  z.object({ kind: z.literal("errorEvent") }),
  /** The whole answer, with a pause before anything of it and one before each piece. */
  z.object({ kind: z.literal("slow"), thinkMs: z.number().default(0), pieceMs: z.number().default(100) }),
  /** The whole answer at once, so that its pieces arrive together. */
  z.object({ kind: z.literal("burst") }),
  /** The model declines. Text that it had already written comes with it. */
  z.object({ kind: z.literal("refusal"), text: z.string().default("") }),
  /** The answer stops at the limit of tokens. */
  z.object({ kind: z.literal("maxTokens"), text: z.string().optional() }),
  /** Another text than the usual one: nonsense where a form was asked for, or nothing at all. */
  z.object({ kind: z.literal("text"), text: z.string() }),
]);
export type Fault = z.infer<typeof fault>;

/**
 * What happens to the next calls that fit: `times` of them. The first step that fits a call is taken.
 * `purpose`: this app streams its work, and nothing else. `has`: what the user turn contains.
 */
const step = z.object({
  purpose: z.enum(["judge", "work", "demo", "chat"]).optional(),
  has: z.string().optional(),
  times: z.number().positive().default(1),
  fault,
});
export const scriptSchema = z.array(step);
export type Script = z.input<typeof scriptSchema>;
export type Purpose = "judge" | "work" | "demo" | "chat";

/** The steps still to come, shared by the process of a test and by the control endpoints. */
export function createScriptQueue() {
  let steps: z.infer<typeof scriptSchema> = [];
  return {
    add(script: Script): void {
      steps.push(...scriptSchema.parse(script));
    },
    clear(): void {
      steps = [];
    },
    take(purpose: Purpose, text: string): Fault | undefined {
      const next = steps.find((s) => (s.purpose ?? purpose) === purpose && text.includes(s.has ?? ""));
      if (!next) return undefined;
      next.times -= 1;
      if (next.times <= 0) steps = steps.filter((s) => s !== next);
      return next.fault;
    },
  };
}
