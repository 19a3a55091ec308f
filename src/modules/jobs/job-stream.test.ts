import { expect, test } from "vitest";
import { answerStream } from "./job-stream";

test("pieces are kept in order, gathered, and all before the end", async () => {
  const kept: string[] = [];
  const stream = answerStream(async (text) => void kept.push(text));
  const words = Array.from({ length: 200 }, (_, n) => `${n} `);
  for (const word of words) stream.push(word);
  await stream.end();
  expect(kept.join("")).toBe(words.join(""));
  expect(kept.length).toBeLessThan(words.length);
});

test("one write at a time, however slow: what comes meanwhile waits for the next", async () => {
  let writing = 0;
  let most = 0;
  const kept: string[] = [];
  let letGo = () => {};
  const first = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const stream = answerStream(async (text) => {
    writing += 1;
    most = Math.max(most, writing);
    if (kept.length === 0) await first;
    kept.push(text);
    writing -= 1;
  });
  stream.push("a");
  await expect.poll(() => writing).toBe(1);
  stream.push("b");
  stream.push("c");
  const ended = stream.end();
  letGo();
  await ended;
  expect(kept).toEqual(["a", "bc"]);
  expect(most).toBe(1);
});

test("a piece that cannot be kept stops nothing", async () => {
  const kept: string[] = [];
  const stream = answerStream(async (text) => {
    if (text === "a") throw new Error("the database is away");
    kept.push(text);
  });
  stream.push("a");
  await stream.end();
  stream.push("b");
  await stream.end();
  expect(kept).toEqual(["b"]);
});
