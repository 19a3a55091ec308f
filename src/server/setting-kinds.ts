import { z } from "zod";

/** What became of one setting: its value, and a warning where the given text was not used. */
export type Read<T> = { value: T; warning?: string } | { problem: string };

/** One setting: how it is called, what it means, and how its text becomes a value. */
export type Setting<T> = {
  name: string;
  about: string;
  /** As it stands in `.env.example`; empty when nothing holds by default. */
  shownDefault: string;
  /** Its value is never printed. */
  secret: boolean;
  read(given: string | undefined): Read<T>;
};

type Range = { from: number; to: number; whole?: boolean };

/** A number. One that is none, or out of its range, is warned of, and the default holds. */
export function number(name: string, fallback: number, range: Range, about: string): Setting<number> {
  return {
    ...optionalNumber(name, range, about),
    shownDefault: String(fallback),
    read: readNumber(name, fallback, range),
  };
}

/** A number that has no default of its own. */
export function optionalNumber(name: string, range: Range, about: string): Setting<number | null> {
  return { name, about, shownDefault: "", secret: false, read: readNumber(name, null, range) };
}

/** A whole number, with both ends of its range allowed. */
export const whole = (name: string, fallback: number, from: number, to: number, about: string): Setting<number> =>
  number(name, fallback, { from, to, whole: true }, about);

/** Any text. */
export function text(name: string, fallback: string, about: string): Setting<string> {
  return { name, about, shownDefault: fallback, secret: false, read: (given) => ({ value: given ?? fallback }) };
}

/** A text of one shape; another one stops the start. `shape`: in words. */
export function shaped(name: string, fallback: string, pattern: RegExp, shape: string, about: string): Setting<string> {
  return {
    ...text(name, fallback, about),
    read: (given = fallback) => (pattern.test(given) ? { value: given } : { problem: `${name} is not ${shape}` }),
  };
}

/** A text that has no default. */
export function optionalText(name: string, about: string): Setting<string | null> {
  return { name, about, shownDefault: "", secret: false, read: (given) => ({ value: given ?? null }) };
}

/** Names parted by commas. */
export function list(name: string, about: string): Setting<readonly string[]> {
  const read = (given = "") => ({ value: given.split(",").flatMap((part) => part.trim() || []) });
  return { name, about, shownDefault: "", secret: false, read };
}

/** A text whose value is never printed. */
export const secret = (name: string, about: string): Setting<string | null> => ({
  ...optionalText(name, about),
  secret: true,
});

/** An absolute http(s) address, without a slash at its end. */
export function optionalUrl(name: string, about: string): Setting<string | null> {
  const Url = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
  return {
    ...optionalText(name, about),
    read(given) {
      if (given === undefined) return { value: null };
      const url = Url.safeParse(given);
      return url.success ? { value: url.data } : { problem: `${name} is not an http(s) address` };
    },
  };
}

/**
 * One of a few words, in any letter case. The first is the default unless another is given; an unknown one stops the
 * start.
 */
export function choice<const C extends string>(
  name: string,
  choices: readonly [C, ...C[]],
  about: string,
  fallback: C = choices[0],
): Setting<C> {
  const Choice = z.enum(choices);
  return {
    name,
    about: `${about} (${choices.join(" | ")})`,
    shownDefault: fallback,
    secret: false,
    read(given) {
      const chosen = Choice.safeParse(given?.toLowerCase() ?? fallback);
      return chosen.success ? { value: chosen.data as C } : { problem: `${name} is none of: ${choices.join(", ")}` };
    },
  };
}

/** On with `1`, off with `0`. */
export function flag(name: string, about: string): Setting<boolean> {
  const { read, ...rest } = choice(name, ["0", "1"], about);
  return {
    ...rest,
    read(given) {
      const chosen = read(given);
      return "problem" in chosen ? chosen : { value: chosen.value === "1" };
    },
  };
}

function readNumber<F extends number | null>(name: string, fallback: F, { from, to, whole: isWhole }: Range) {
  const Decimal = z
    .string()
    .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
    .transform(Number)
    .pipe((isWhole ? z.int() : z.number()).min(from).max(to));
  return (given: string | undefined): Read<number | F> => {
    if (given === undefined) return { value: fallback };
    const value = Decimal.safeParse(given);
    if (value.success) return { value: value.data };
    const asked = `a ${isWhole ? "whole " : ""}number from ${from} to ${to}`;
    const holds = fallback === null ? "it counts as not set" : `its default ${fallback} holds`;
    return { value: fallback, warning: `${name} is not ${asked}: ${holds}` };
  };
}
