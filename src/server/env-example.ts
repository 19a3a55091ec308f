import type { Setting } from "./setting-kinds";
import { SETTING_GROUPS } from "./setting-table";

/** `.env.example`: every setting, what it means and what holds without it. Nothing in it is set. */
export function envExample(): string {
  const groups = Object.entries(SETTING_GROUPS).map(([title, group]) => {
    const entries = Object.values<Setting<unknown>>(group).map(entry);
    return `## ${title}\n\n${entries.join("\n\n")}\n`;
  });
  return `${HEAD}\n${groups.join("\n")}`;
}

const HEAD = `# Timmy's Workshop starts without any of these. Copy what you want to change to .env, without the "# ".
# The environment wins over .env. A value that is not a number, or out of its range, is named in a warning at the
# start, and the default is used instead. This file is generated from src/server/setting-table.ts.
`;

const entry = ({ name, about, shownDefault }: Setting<unknown>): string => `# ${about}.\n# ${name}=${shownDefault}`;
