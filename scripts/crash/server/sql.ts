/** What a statement is to whoever watches for commits. */
export type Statement = { kind: "begin" | "commit" | "rollback" | "read" } | { kind: "write"; targets: string[] };

const ROW_LOCK = /\bfor\s+(no\s+key\s+)?update\b/gi;
const TEXT = /'(?:[^']|'')*'/g;
const TARGET =
  /\b(?:insert\s+into|delete\s+from|merge\s+into|truncate(?:\s+table)?|update)\s+(?:only\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)/gi;
const CALL = /\b([a-z_][\w$]*)\s*\(/gi;
const SCHEMA_CHANGE = /^\s*(create|alter|drop|grant|comment)\b/i;

/** `writers`: the database's own functions that may write, by name. Whatever writes has the tables or functions as targets. */
export function classify(text: string, writers: ReadonlySet<string>): Statement {
  if (/^\s*(begin|start\s+transaction)\b/i.test(text)) return { kind: "begin" };
  if (/^\s*(commit|end)\b/i.test(text)) return { kind: "commit" };
  if (/^\s*rollback\b(?!\s+to\b)/i.test(text)) return { kind: "rollback" };
  const targets = targetsOf(text, writers);
  return targets.length > 0 ? { kind: "write", targets } : { kind: "read" };
}

function targetsOf(text: string, writers: ReadonlySet<string>): string[] {
  const bare = text.replace(TEXT, "''").replace(ROW_LOCK, "");
  if (SCHEMA_CHANGE.test(bare)) return ["schema"];
  const tables = [...bare.matchAll(TARGET)].map(([, name = ""]) => lastPart(name)).filter((name) => name !== "set");
  const calls = [...bare.matchAll(CALL)].map(([, name = ""]) => name.toLowerCase()).filter((name) => writers.has(name));
  return [...new Set([...tables, ...calls])];
}

/** Which of the database's own functions write, by their bodies: at once, or by calling one that does. */
export function writersAmong(functions: readonly { name: string; body: string }[]): Set<string> {
  const writers = new Set<string>();
  for (let known = -1; known < writers.size; ) {
    known = writers.size;
    for (const { name, body } of functions) if (targetsOf(body, writers).length > 0) writers.add(name);
  }
  return writers;
}

const lastPart = (name: string): string => (name.split(".").at(-1) ?? name).replaceAll('"', "").toLowerCase();
