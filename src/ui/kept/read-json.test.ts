import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { isInstant, isObject, isText, isUuid } from "./read-json";

const agree = (ours: (given: unknown) => boolean, zods: z.ZodType, samples: readonly unknown[]) => {
  for (const sample of samples) expect(ours(sample), JSON.stringify(sample)).toBe(zods.safeParse(sample).success);
};
const NOTHINGS = [null, undefined, 1, true, "", [], {}, ["x"]];

test("a UUID is what zod takes for one", () => {
  const good = "3f0f6a4e-58a5-4c58-9d2e-0a4f1c9f7b11";
  agree(isUuid, z.uuid(), [...NOTHINGS, good, good.toUpperCase(), `${good} `, `${good}\n`, good.slice(1)]);
  agree(isUuid, z.uuid(), ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]);
  agree(isUuid, z.uuid(), [good.replace("4c58", "9c58"), good.replace("9d2e", "cd2e"), good.replace("3f", "zz")]);
  expect(isUuid(good)).toBe(true);
});

test("an instant is what zod takes for one, also on the days that there are not", () => {
  const days = ["2026-02-28", "2026-02-29", "2028-02-29", "1900-02-29", "2000-02-29", "2026-04-31", "2026-13-01"];
  const times = ["T12:00:00Z", "T12:00:00.123Z", "T12:00Z", "T24:00:00Z", "T12:60:00Z", "T12:00:00+01:00", "", "T1Z"];
  agree(isInstant, z.iso.datetime(), [...NOTHINGS, ...days.flatMap((day) => times.map((time) => day + time))]);
  agree(isInstant, z.iso.datetime(), ["2026-00-10T12:00:00Z", "2026-01-00T12:00:00Z", "0000-01-01T12:00:00Z"]);
  expect(isInstant("2026-11-22T12:00:00.000Z")).toBe(true);
});

test("a text is measured as zod measures it", () => {
  const Text = z.string().min(1).max(3);
  agree((given) => isText(given, 1, 3), Text, [...NOTHINGS, "abc", "abcd", "🧙🧙🧙", "🧙🧙🧙🧙"]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (given) => isText(given, 1, 3) === Text.safeParse(given).success),
  );
});

test("an object is what zod takes for one", () => {
  agree(isObject, z.object({}), NOTHINGS);
});
