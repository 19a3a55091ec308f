import { z } from "zod";

/** What the server said about a request that it did not fulfil. */
export type Problem = {
  /** The stable code of problem+json, or null where the server was not reached or spoke otherwise. */
  code: string | null;
  /** The HTTP status, or null when no answer came. */
  status: number | null;
  detail: string | null;
};

/** RFC 9457, as far as the pages read it. */
const Details = z.object({ code: z.string(), status: z.number(), detail: z.string() });
const TrpcError = z.object({ data: Details });
const NO_ANSWER: Problem = { code: null, status: null, detail: null };

/** Reads the problem out of whatever a call threw. */
export const problemOf = (error: unknown): Problem => TrpcError.safeParse(error).data?.data ?? NO_ANSWER;

/** Reads the body of a plain REST answer that was not a success. */
export const problemOfBody = (status: number, body: unknown): Problem =>
  Details.safeParse(body).data ?? { ...NO_ANSWER, status };
