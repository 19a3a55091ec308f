import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { cleanEnv } from "./clean-env.mjs";
import { inRoot } from "./root.mjs";
import { runStep } from "./run-step.mjs";

const STAMP = inRoot("src", "db", "generated", ".stamp");
const NEXT_ENV = inRoot("next-env.d.ts");

/** What the type checker and every TypeScript program need beside the sources: the database client, and Next's types. */
export async function ensureGenerated() {
  if (isGenerated()) return;
  if (!hasNextEnv()) {
    writeFileSync(NEXT_ENV, '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n');
  }
  const stamp = stampOfSchema();
  if (stamp === readIfThere(STAMP)) return;
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`; // the schema engine's first line needs node
  await runStep(process.execPath, [inRoot("node_modules", "prisma", "build", "index.js"), "generate"], {
    env: cleanEnv({ PATH, CHECKPOINT_DISABLE: "1", NO_COLOR: "1" }),
  });
  writeFileSync(STAMP, stamp);
}

export const isGenerated = () => hasNextEnv() && stampOfSchema() === readIfThere(STAMP);

/** Next writes it at each build, and then it needs the folder of that build. */
function hasNextEnv() {
  const text = readIfThere(NEXT_ENV);
  return text !== null && (!text.includes(".next/") || existsSync(inRoot(".next", "types")));
}

function stampOfSchema() {
  const schema = readFileSync(inRoot("prisma", "schema.prisma"));
  const prisma = readIfThere(inRoot("node_modules", "prisma", "package.json")) ?? "";
  return createHash("sha256").update(schema).update(prisma).digest("hex");
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
