export type FoundElement = { name: string; attributes: Readonly<Record<string, string>> };

const TEXT = /[^<>]+/y;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z][a-zA-Z-]*="[^"<>]*")*)(\/?)>/y;
const ATTRIBUTE = / ([a-z][a-zA-Z-]*)="([^"<>]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };

/**
 * Every element of a markup that React has written, with its attributes as the page would have them. Throws at the first
 * character that is neither a whole tag nor plain text: nothing goes by unseen.
 */
export function elementsIn(markup: string): FoundElement[] {
  const found: FoundElement[] = [];
  for (let at = 0; at < markup.length; ) {
    TEXT.lastIndex = at;
    TAG.lastIndex = at;
    const read = TEXT.exec(markup) ?? TAG.exec(markup);
    if (!read) throw new Error(`this is no markup of React's: ${markup.slice(at, at + 80)}`);
    at += read[0].length;
    const [, closing, name, attributes] = read;
    if (name === undefined || closing === "/") continue;
    const pairs = [...(attributes ?? "").matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, plain(value)]);
    found.push({ name, attributes: Object.fromEntries(pairs) });
  }
  return found;
}

const plain = (value: string): string => value.replace(/&([^;]+);/g, (entity, name) => ENTITIES[name] ?? entity);
