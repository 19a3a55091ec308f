/** More of these than anybody writes on purpose; what is parsed by recursion, or for each pair, suffers from more. */
const MOST_CONTAINERS = 30;
const MOST_BRACKETS = 50;
const MOST_COLUMNS = 64;
const MOST_SIGNS = 300;
const MOST_LEVELS = 100;

/** Quotes, list items and notes that one line opens, nested in each other. */
const CONTAINERS = new RegExp(
  `^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t])|\\[\\^[^\\]\\s]{1,99}\\]:)){${MOST_CONTAINERS + 1}}`,
  "m",
);
const SIGNS = new RegExp(`\\*{${MOST_SIGNS + 1}}|_{${MOST_SIGNS + 1}}|~{${MOST_SIGNS + 1}}`);
const COLUMNS = new RegExp(`^(?:[^|\\n]*\\|){${MOST_COLUMNS + 1}}`, "m");

/** Whether reading this text as Markdown would take a browser very long, or too deep. A look at its letters alone. */
export function isTangled(text: string): boolean {
  return CONTAINERS.test(text) || SIGNS.test(text) || COLUMNS.test(text) || bracketsIn(text) > MOST_BRACKETS;
}

/** How many brackets are open at once, at most. A blank line ends whatever they belong to. */
function bracketsIn(text: string): number {
  let open = 0;
  let most = 0;
  for (const [sign] of text.matchAll(/[[\]]|\n[ \t]*\n/g)) {
    if (sign === "[") open += 1;
    else if (sign === "]") open = Math.max(0, open - 1);
    else open = 0;
    most = Math.max(most, open);
  }
  return most;
}

type Node = { children?: readonly Node[] };

/** A plugin of the Markdown parser: throws on nesting so deep that recursion over it may fail. */
export const refuseDepth = () => (tree: Node) => {
  let level: readonly Node[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) throw new RangeError("nested too deeply");
    level = level.flatMap(({ children = [] }) => children);
  }
};
