import { expect, test } from "vitest";
import { serverEvents } from "./server-events";

const TEXT =
  'event: delta\ndata: {"text":"häiku"}\n\n: still at it\n\nevent: done\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: cut';
const EVENTS = [
  { event: "delta", data: '{"text":"häiku"}' },
  { event: "done", data: '{"a":\n1}' },
];

/** The bytes in pieces of that size. */
const inPieces = (text: string, size: number) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });

test.each([1, 2, 3, 7, 1000])(
  "the same events come out of pieces of %i bytes, without what was cut off",
  async (size) => {
    const came = [];
    for await (const event of serverEvents(inPieces(TEXT, size))) came.push(event);
    expect(came).toEqual(EVENTS);
  },
);
