import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { identifierOf, isPreimageOf, paymentHashIn, readCredential } from "./l402-credential";

const hex = "ab".repeat(32);
const preimage = Buffer.from(hex, "hex");

describe("the header", () => {
  test.each([
    ["Bearer TUFD", { macaroons: ["TUFD"], preimage: null }],
    ["bearer   TUFD ", { macaroons: ["TUFD"], preimage: null }],
    [`L402 TUFD:${hex}`, { macaroons: ["TUFD"], preimage }],
    [`l402 TUFD:${hex.toUpperCase()}`, { macaroons: ["TUFD"], preimage }],
    [`LSAT TUFD==:${hex}`, { macaroons: ["TUFD=="], preimage }],
    [`L402 TUFD,RFJFSQ==, QQ:${hex}`, { macaroons: ["TUFD", "RFJFSQ==", "QQ"], preimage }],
    [`LSAT TUFD:${hex}, L402 TUFD:${hex}`, { macaroons: ["TUFD"], preimage }],
  ])("%s", (header, credential) => {
    expect(readCredential(header)).toEqual(credential);
  });

  test.each([null, "", "Basic dXNlcjpwYXNz", "Nostr e30=", "L402", "Bearer"])("absent: %s", (header) => {
    expect(readCredential(header)).toBe("absent");
  });

  test.each([
    "L402 TUFD",
    "L402 TUFD:",
    `L402 :${hex}`,
    `L402 TUFD:${hex}00`,
    `L402 TUFD:${hex.slice(2)}`,
    `L402 TUFD:${"x".repeat(64)}`,
    `L402 A,B,C,D,E:${hex}`,
    "Bearer A,,B",
  ])("malformed: %s", (header) => {
    expect(readCredential(header)).toBe("malformed");
  });
});

test("a preimage belongs to one payment hash", () => {
  const hash = createHash("sha256").update(preimage).digest("hex");
  expect(isPreimageOf(preimage, hash)).toBe(true);
  expect(isPreimageOf(preimage, "00".repeat(32))).toBe(false);
});

test("an identifier has 66 bytes and tells its payment hash; others tell nothing", () => {
  const identifier = identifierOf(hex, Buffer.alloc(32, 7));
  expect(identifier).toHaveLength(66);
  expect(identifier.subarray(0, 2)).toEqual(Buffer.of(0, 0));
  expect(paymentHashIn(identifier)).toBe(hex);
  expect(paymentHashIn(identifier.subarray(1))).toBeNull();
  expect(paymentHashIn(Buffer.concat([Buffer.of(0, 1), identifier.subarray(2)]))).toBeNull();
  expect(paymentHashIn(Buffer.concat([identifier, Buffer.of(0)]))).toBeNull();
});
