import type { Problem } from "~/ui/api/problem";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { texts } from "~/ui/texts";
import { adminTexts } from "~/ui/texts/admin";

const t = adminTexts;
const OWN: Readonly<Record<string, string>> = t.problemsOf;

/** For the operator the server's own words are the exact ones; some codes mean something else here than to visitors. */
export function operatorWords({ code, status, detail }: Problem): string {
  if (status === null) return texts.problems.unreached;
  return (code !== null ? OWN[code] : undefined) ?? detail ?? texts.problems.unknown;
}

export const satsOr = (amount: number | null): string => (amount === null ? t.unknown : satsText(amount));
export const yesNo = (answer: boolean | null): string => (answer === null ? t.unknown : answer ? t.yes : t.no);
export const msatText = (amount: number): string => `${wholeNumber(amount)} msat`;
export const countOr = (count: number | null): string => (count === null ? "?" : wholeNumber(count));
