import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type RealEdge, realEdge } from "~/testing/real-edge";

const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
});
const file = join(import.meta.dirname, "../../docs/grafana-dashboard.json");
const { panels } = Dashboard.parse(JSON.parse(readFileSync(file, "utf8")));

const namesIn = (expr: string): string[] => expr.match(/\b(timmy|process)_\w+/g) ?? [];
const labelsIn = (expr: string): string[] =>
  [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/,\s*/));
/** What a histogram is asked by. */
const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, "");

let edge: RealEdge;
let text: string;
beforeAll(async () => {
  edge = await realEdge();
  await edge.call("/api/healthz");
  await edge.db.pool.query("INSERT INTO books_reading (ok, off_msat, terms) VALUES (true, 0, '{}')");
  text = await (await edge.call("/api/metrics")).text();
});
afterAll(() => edge.close());

test("the dashboard asks for figures at all", () => {
  expect(panels.filter(({ targets }) => targets.length > 0).length).toBeGreaterThan(15);
});

test.each(panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)))(
  "%s: every metric that it asks for is among the figures",
  (_, expr) => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(text, name).toMatch(new RegExp(`^# TYPE ${name}( |$)|^# TYPE ${familyOf(name)} histogram`, "m"));
    }
  },
);

test("every family of ours is on the dashboard", () => {
  const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr).map(familyOf))));
  const families = [...text.matchAll(/^# TYPE (timmy_\w+) /gm)].map(([, name = ""]) => name);
  expect(families.length).toBeGreaterThan(10);
  expect(families.filter((name) => !shown.has(name))).toEqual([]);
});

test("what it sums by are labels that a figure has", () => {
  const known = new Set([
    ...["le", "instance", "agent", "purpose", "outcome", "direction", "call", "state", "from", "to"],
    ...["route", "status", "method"],
  ]);
  expect(
    panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => labelsIn(expr))).filter((label) => !known.has(label)),
  ).toEqual([]);
});
