/** The longest line that a visitor may say, and that Timmy answers with, in characters (code points). */
export const CHAT_MAX_CHARACTERS = 250;

/** Controls, marks that turn the direction of text round, and what cannot be seen: none of it belongs in a line of talk. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;
/** Joins emoji, and letters of some scripts: kept. */
const JOINERS = new Set(["\u200c", "\u200d"]);
/** More marks than that on one letter are a tower over the lines above. */
const TOWERS = /(\p{M}{3})\p{M}+/gu;

/** What was said as one line that can be shown to everybody: as it was meant, without what only disturbs. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\t\n\v\f\r\u2028\u2029]/g, " ")
    .replace(UNSEEN, (mark) => (JOINERS.has(mark) ? mark : ""))
    .replace(TOWERS, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** At most so many characters, cut at the end of a word where there is one not too far back. */
export function cutAtWord(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const kept = characters.slice(0, most - 1).join("");
  const lastGap = characters[most - 1] === " " ? kept.length : kept.lastIndexOf(" ");
  const whole = lastGap > kept.length / 2 ? kept.slice(0, lastGap) : kept;
  return `${whole.replace(/[\s,;:–-]+$/u, "")}…`;
}
