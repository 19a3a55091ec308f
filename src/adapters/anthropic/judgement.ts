import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";

/** The one form of an answer that counts. Flat, since structured outputs take no conditions between fields. */
const form = z.strictObject({ verdict: z.enum(["acceptable", "unacceptable"]), reason: z.string() });

/** The same form for the server, which holds the model to it where it can. */
export const judgementFormat = zodOutputFormat(form);

const MAX_REASON_CHARACTERS = 300;

export type Verdict = { verdict: "acceptable" } | { verdict: "unacceptable"; reason: string };

/** What the judge said, or nothing when it is not the form to the letter: then nobody has judged. */
export function readJudgement(text: string): Verdict | undefined {
  const parsed = form.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  if (parsed.data.verdict === "acceptable") return { verdict: "acceptable" };
  const reason = [...parsed.data.reason.replaceAll(/\s+/g, " ").trim()].slice(0, MAX_REASON_CHARACTERS).join("");
  return reason === "" ? undefined : { verdict: "unacceptable", reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
