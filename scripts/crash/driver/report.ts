import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../../steps/root.mjs";
import { CATALOGUE } from "../catalogue";
import { spotOf } from "../protocol";
import type { Needs } from "./needs";
import { SETTLED_CHECKS } from "./settle";
import { SNAPSHOT_CHECKS, type Violation } from "./snapshot";
import { TAKEOVER_CHECKS } from "./takeover";
import { WAY_ENDS } from "./visitors";
import { WAY_NAMES, type WayName } from "./ways";

const REPORT = inRoot(".reports", "crash.json");
const CHECKS = [
  ...SNAPSHOT_CHECKS,
  ...SETTLED_CHECKS,
  WAY_ENDS,
  ...TAKEOVER_CHECKS,
  "no server ends by itself",
  "no server meets an error",
];

export type Outcome = {
  needs: Needs;
  violations: readonly Violation[];
  ended: ReadonlyMap<WayName, number>;
  seed: number;
};

/** Prints what was died at and what held, writes the counts, and says whether all is well. */
export function report({ needs, violations, ended, seed }: Outcome): boolean {
  const tests: { name: string; fault: string | null }[] = [];
  console.log("\npoint: deaths before, after");
  for (const [point, { rare }] of Object.entries(CATALOGUE)) {
    const hits = (["before", "after"] as const).map((side) => needs.hits.get(spotOf(side, point)) ?? 0);
    console.log(`  ${point}: ${hits.join(", ")}${rare ? " (not demanded)" : ""}`);
    const short = hits.some((times) => times < needs.times);
    if (!rare) tests.push({ name: point, fault: short ? `died at ${hits.join(" and ")} times` : null });
  }
  const unknown = needs.unknown();
  tests.push({ name: "every point is in the catalogue", fault: unknown.length > 0 ? unknown.join(", ") : null });
  console.log("\nways to their end:", WAY_NAMES.map((name) => `${name} ${ended.get(name) ?? 0}`).join(", "));
  for (const name of WAY_NAMES) tests.push({ name: `way ${name}`, fault: ended.get(name) ? null : "never gone" });
  for (const check of new Set([...CHECKS, ...violations.map((violation) => violation.check)])) {
    const found = violations.filter((violation) => violation.check === check);
    tests.push({ name: check, fault: found.length > 0 ? found.map(({ detail }) => detail).join("\n    ") : null });
  }
  const failed = tests.filter(({ fault }) => fault !== null);
  console.log("");
  for (const { name, fault } of failed) console.log(`✘ ${name}\n    ${fault}`);
  const counts = { passed: tests.length - failed.length, failed: failed.length, skipped: 0 };
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify(counts, null, 2)}\n`);
  console.log(`${needs.kills} kills, ${needs.randomKills} of them at random moments; seed ${seed}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return failed.length === 0;
}
