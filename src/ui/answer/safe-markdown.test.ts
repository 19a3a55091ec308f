import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { elementsIn, type FoundElement } from "~/testing/elements-in";
import { DEEP_ANSWERS, HOSTILE_ANSWERS } from "~/testing/hostile-answers";
import { propertyRuns } from "~/testing/property-runs";
import { closedForShow } from "./closed-for-show";
import { SafeMarkdown } from "./safe-markdown";

const oneOf = (words: RegExp) => (value: string) => words.test(value);
const NONE = {};
const PLAIN = "blockquote br code del em h3 h4 h5 h6 hr p section strong sup table tbody thead tr".split(" ");

/** Every element that an answer may become, with the attributes it may have and what may stand in them. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, (value: string) => boolean>>>> = {
  ...Object.fromEntries(PLAIN.map((name) => [name, NONE])),
  a: { href: leadsOutside, rel: oneOf(/^noopener noreferrer nofollow$/), target: oneOf(/^_blank$/) },
  // Our own words for a link that opens elsewhere, and for a picture that is not shown.
  span: { class: oneOf(/^(for-screen-readers|_picture_\w+|picture)$/) },
  div: { class: oneOf(/^_?(markdown|table|asWritten)(_\w+)?$/), tabindex: oneOf(/^0$/) },
  pre: { tabindex: oneOf(/^0$/) },
  ol: { start: oneOf(/^\d{1,9}$/), class: oneOf(/^contains-task-list$/) },
  ul: { class: oneOf(/^contains-task-list$/) },
  li: { class: oneOf(/^task-list-item$/) },
  td: { style: oneOf(/^text-align:(left|center|right)$/) },
  th: { style: oneOf(/^text-align:(left|center|right)$/) },
};

/** As a browser on one of our pages would take it. */
function leadsOutside(href: string): boolean {
  const { protocol, host } = new URL(href, "https://workshop.example/jobs/1");
  return /^https?:\/\//i.test(href) && /^https?:$/.test(protocol) && host !== "workshop.example";
}

const rendered = (text: string): string => renderToStaticMarkup(createElement(SafeMarkdown, { text }));

function faultsOf(text: string): string[] {
  return elementsIn(rendered(text)).flatMap(({ name, attributes }: FoundElement) => {
    const allowed = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
    if (!allowed) return [`<${name}>`];
    return Object.entries(attributes)
      .filter(([key, value]) => !(Object.hasOwn(allowed, key) && allowed[key]?.(value)))
      .map(([key, value]) => `<${name} ${key}="${value}">`);
  });
}

test.each(Object.entries(HOSTILE_ANSWERS))("only what is allowed comes of: %s", (_, answer) => {
  expect(faultsOf(answer)).toEqual([]);
});

test.each(Object.entries(DEEP_ANSWERS))("nested without end, it is shown all the same: %s", (_, answer) => {
  expect(faultsOf(answer)).toEqual([]);
});

test("what is nested as people do it is still Markdown; beyond that it is shown as it was written", () => {
  const names = (answer: string) => elementsIn(rendered(answer)).map(({ name }) => name);
  expect(names(`${"> ".repeat(20)}x`).filter((name) => name === "blockquote")).toHaveLength(20);
  expect(names(`${"> ".repeat(31)}x`)).toEqual(["div", "div"]);
  const slanted = (depth: number) => `${"_a ".repeat(depth)}x${" a_".repeat(depth)}`;
  expect(names(slanted(30)).filter((name) => name === "em")).toHaveLength(30);
  expect(names(slanted(200))).toEqual(["div", "div"]);
  expect(names(`${"*".repeat(301)}x${"*".repeat(301)}`)).toEqual(["div", "div"]);
  expect(names(`${"|a".repeat(20)}|\n${"|-".repeat(20)}|`)).toContain("table");
  expect(rendered(`${">".repeat(31)} <b> & **x**`)).toContain("&lt;b&gt; &amp; **x**");
});

test("all attacks after one another, and each while it is being written", () => {
  const answers = Object.values(HOSTILE_ANSWERS).filter((answer) => answer.length < 5_000);
  expect(faultsOf(answers.join("\n\n"))).toEqual([]);
  for (const answer of answers) {
    for (let part = 1; part < 12; part += 1) {
      expect(faultsOf(closedForShow(answer.slice(0, (answer.length * part) / 12)))).toEqual([]);
    }
  }
});

test("whatever comes of pieces of attacks in any order", () => {
  const pieces = Object.values(HOSTILE_ANSWERS)
    .filter((answer) => answer.length < 5_000)
    .flatMap((answer) => answer.split(/(?<=[\s)>\]"'])/));
  const glue = fc.constantFrom("", "", " ", "\n", "\n\n", "> ", "- ", "| ", "```\n", "[", "](", "<", '"', "*", "`");
  const mixed = fc.array(fc.tuple(fc.constantFrom(...pieces), glue), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(mixed, (parts) => {
      expect(faultsOf(parts.flat().join(""))).toEqual([]);
    }),
    propertyRuns(300, 3_000),
  );
});

test("what is harmless stays: links outside, tables, lists, code, notes", () => {
  const answer = [
    "# A heading",
    "[page](https://example.org/page?a=1&b=2) <https://example.org/auto> www.example.org",
    "| a | b |\n| :-: | --- |\n| 1 | 2 |",
    "3. three\n4. four",
    "- [x] done\n- [ ] open",
    "```js\nconst a = '<b>';\n```",
    "**bold** *slanted* ~~struck~~ `code`[^1]",
    "[^1]: a note",
  ].join("\n\n");
  expect(faultsOf(answer)).toEqual([]);
  const found = elementsIn(rendered(answer));
  const links = found.filter(({ name }) => name === "a").map(({ attributes }) => attributes.href);
  expect(links).toEqual(["https://example.org/page?a=1&b=2", "https://example.org/auto", "http://www.example.org"]);
  const names = new Set(found.map(({ name }) => name));
  for (const name of ["h3", "table", "ol", "ul", "pre", "code", "strong", "em", "del", "sup"]) {
    expect(names).toContain(name);
  }
  expect(rendered(answer)).toContain("const a = &#x27;&lt;b&gt;&#x27;;");
});

test("letters that would turn the text round are not shown", () => {
  expect(rendered("\u202eevil\u202d")).toContain("<p>evil</p>");
  // Those that a text of two directions needs are.
  expect(rendered("\u2067שלום\u2069")).toContain("\u2067שלום\u2069");
});

test("the checks themselves see what they must", () => {
  expect(elementsIn('<p>a &lt;b&gt;<a href="x&amp;y">z</a></p>')).toEqual([
    { name: "p", attributes: {} },
    { name: "a", attributes: { href: "x&y" } },
  ]);
  expect(() => elementsIn("<p>a < b</p>")).toThrow();
  expect(() => elementsIn("<p onclick=alert(1)>a</p>")).toThrow();
  for (const address of [
    "javascript:alert(1)",
    "/api/admin",
    "//workshop.example/x",
    "https://workshop.example/x",
    "",
  ]) {
    expect(leadsOutside(address), address).toBe(false);
  }
});
