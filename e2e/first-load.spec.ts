import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures";

/** Gzipped. An empty page with the libraries that every page has is 155. */
const MOST_KB = 215;

test("the script that the HTML of the room loads is small enough", async ({ request, baseURL }) => {
  const html = await (await request.get(`${baseURL}/`)).text();
  const sources = new Set([
    ...[...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)].flatMap(([tag, src]) =>
      /\snomodule/i.test(tag) ? [] : src,
    ),
    ...[...html.matchAll(/<link[^>]*\srel="(?:module)?preload"[^>]*\sas="script"[^>]*>/g)].flatMap(
      ([tag]) => /\shref="([^"]+)"/.exec(tag)?.[1] ?? [],
    ),
  ]);
  expect(sources.size).toBeGreaterThan(3);
  let bytes = 0;
  for (const source of sources) {
    const reply = await request.get(new URL(source ?? "", baseURL).href);
    expect(reply.ok(), source).toBe(true);
    bytes += gzipSync(await reply.body(), { level: 9 }).length;
  }
  test
    .info()
    .annotations.push({ type: "first load", description: `${(bytes / 1000).toFixed(1)} kB in ${sources.size} files` });
  expect(bytes / 1000).toBeLessThanOrEqual(MOST_KB);
});
