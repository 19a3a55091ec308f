import { texts } from "~/ui/texts";
import type { Problem } from "./problem";

const WORDS: Readonly<Record<string, string>> = texts.problems;

/** A problem in a visitor's words: ours for the codes we know, else the server's own, which are meant for people too. */
export function problemWords({ code, status, detail }: Problem): string {
  if (status === null) return texts.problems.unreached;
  return (code !== null ? WORDS[code] : undefined) ?? detail ?? texts.problems.unknown;
}
