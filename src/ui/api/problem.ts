import { isObject } from "~/ui/kept/read-json";

/** What the server said about a request that it did not fulfil. */
export type Problem = {
  /** The stable code of problem+json, or null where the server was not reached or spoke otherwise. */
  code: string | null;
  /** The HTTP status, or null when no answer came. */
  status: number | null;
  detail: string | null;
};

/** RFC 9457, as far as the pages read it. */
function readDetails(given: unknown): Problem | null {
  if (!isObject(given)) return null;
  const { code, status, detail } = given;
  const whole = typeof code === "string" && Number.isFinite(status) && typeof detail === "string";
  return whole ? { code, status: Number(status), detail } : null;
}
const NO_ANSWER: Problem = { code: null, status: null, detail: null };

/** Reads the problem out of whatever a call threw. */
export const problemOf = (error: unknown): Problem => (isObject(error) ? readDetails(error.data) : null) ?? NO_ANSWER;

/** Reads the body of a plain REST answer that was not a success. */
export const problemOfBody = (status: number, body: unknown): Problem => readDetails(body) ?? { ...NO_ANSWER, status };
