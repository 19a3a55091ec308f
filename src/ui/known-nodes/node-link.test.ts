import { expect, test } from "vitest";
import { nodeKeyIn, nodeLink, nodeLinkWithKey } from "./node-link";

const ORIGIN = "https://timmy.example";
const ID = "4ecb3ac1-7b9d-4a43-8f0e-1b2c3d4e5f60";
const KEY = "abcdefghijklmnop-_0123456789";

test("the key comes back out of the link that carries it, or out of itself", () => {
  expect(nodeKeyIn(` ${nodeLinkWithKey(ORIGIN, ID, KEY)}\n`)).toBe(KEY);
  expect(nodeKeyIn(` ${KEY} `)).toBe(KEY);
});

test.each(["", "short", nodeLink(ORIGIN, ID), `${nodeLink(ORIGIN, ID)}#refund=`, `${KEY} ${KEY}`, `javascript:${KEY}`])(
  "%j has none",
  (text) => {
    expect(nodeKeyIn(text)).toBeNull();
  },
);
