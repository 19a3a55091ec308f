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

const HEAD = `# Timmy's Workshop starts without any of these. Copy to .env what you want to change, without the "# ".
# What the environment sets wins over .env. A number that is none, or out of its range, is named in a warning at the
# start, and its default holds. The server's own code is the source of this list.
`;

const entry = ({ name, about, shownDefault }: Setting<unknown>): string => `# ${about}.\n# ${name}=${shownDefault}`;
