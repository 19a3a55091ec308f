import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMacaroon, encodeMacaroon, isSignedBy, macaroonText, mintMacaroon, parseMacaroon } from "./macaroon-v2";

/** Published with libmacaroons: its verifier tests and its README. */
const PUBLISHED = {
  root_v2_1: "AgETaHR0cDovL2V4YW1wbGUub3JnLwIFa2V5aWQAAAYgfN7nklEcW8b1KEhYBd_psk54XijiqZMB-dcRxgnjjvc",
  caveat_v2_1:
    "AgETaHR0cDovL2V4YW1wbGUub3JnLwIFa2V5aWQAAhRhY2NvdW50ID0gMzczNTkyODU1OQAABiD1SAf23G7fiL8PcwazgiVio2JTPb9zObphdl2kvSWdhw",
  caveat_v2_4:
    "AgETaHR0cDovL2V4YW1wbGUub3JnLwIFa2V5aWQAAhRhY2NvdW50ID0gMzczNTkyODU1OQACDHVzZXIgPSBhbGljZQAABiBL6WfNHqDGsmuvakqU7psFsViG2guoXoxCqTyNDhJe_A",
};
const bytesOf = (text: string) => Buffer.from(text, "base64");
const parsed = (text: string) => {
  const macaroon = parseMacaroon(text);
  if (!macaroon) throw new Error("not read");
  return macaroon;
};

describe("what others published", () => {
  test.each(Object.entries(PUBLISHED))("%s is read, written again byte for byte, and signed by its key", (_, text) => {
    const macaroon = parsed(text);
    expect(macaroon).toMatchObject({ location: "http://example.org/", identifier: Buffer.from("keyid") });
    expect(encodeMacaroon(macaroon)).toEqual(bytesOf(text));
    expect(isSignedBy(macaroon, Buffer.from("this is the key"))).toBe(true);
    expect(isSignedBy(macaroon, Buffer.from("this is not the key"))).toBe(false);
  });

  test.each([
    [[], "e3d9e02908526c4c0039ae15114115d97fdd68bf2ba379b342aaf0f617d0552f"],
    [["account = 3735928559"], "1efe4763f290dbce0c1d08477367e11f4eee456a64933cf662d79772dbb82128"],
    [
      ["account = 3735928559", "time < 2020-01-01T00:00"],
      "b5f06c8c8ef92f6c82c6ff282cd1f8bd1849301d09a2db634ba182536a611c49",
    ],
  ])("the signatures of the README, caveats %j", (caveats, signature) => {
    const rootKey = Buffer.from("this is our super secret key; only we should know it");
    const identifier = Buffer.from("we used our secret key");
    const macaroon = mintMacaroon({ location: "http://mybank/", identifier, caveats, rootKey });
    expect(macaroon.signature.toString("hex")).toBe(signature);
  });

  test("an L402 token as js-macaroon 3.0.4 and pymacaroons 0.13 make it", () => {
    const identifier = Buffer.concat([Buffer.of(0, 0), Buffer.alloc(32, 0x11), Buffer.alloc(32, 0x22)]);
    const wanted = { location: "timmys-workshop", identifier, rootKey: Buffer.alloc(32, 0x33) };
    expect(macaroonText(mintMacaroon({ ...wanted, caveats: ["services=timmy:0"] }))).toBe(
      "AgEPdGltbXlzLXdvcmtzaG9wAkIAABERERERERERERERERERERERERERERERERERERERERERIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIAAhBzZXJ2aWNlcz10aW1teTowAAAGIE8ssNmMQxWyZbaHYs+Ys5KpBWs+8ywNozPpJ9LkPOHz",
    );
    expect(
      macaroonText(mintMacaroon({ ...wanted, caveats: ["services=timmy:0", "timmy_valid_until=2000000000"] })),
    ).toBe(
      "AgEPdGltbXlzLXdvcmtzaG9wAkIAABERERERERERERERERERERERERERERERERERERERERERIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIAAhBzZXJ2aWNlcz10aW1teTowAAIcdGltbXlfdmFsaWRfdW50aWw9MjAwMDAwMDAwMAAABiA7prnCmsriNURoREZu7haf+FbyZmtKw+WcRb9L9LLSEQ==",
    );
  });

  test("a caveat for a third party is refused (go-macaroon, TestMarshalBinaryRoundTrip)", () => {
    const text = (letters: string) => [...Buffer.from(letters)];
    const bytes = Buffer.from([
      2,
      ...[1, 14, ...text("http://mybank/")],
      ...[2, 28, ...text("we used our other secret key"), 0],
      ...[2, 20, ...text("account = 3735928559"), 0],
      ...[1, 19, ...text("http://auth.mybank/")],
      ...[2, 39, ...text("this was how we remind auth of key/pred")],
      ...[4, 72, ...Buffer.alloc(72, 7), 0, 0],
      ...[6, 32, ...Buffer.alloc(32, 9)],
    ]);
    expect(decodeMacaroon(bytes)).toBeNull();
  });
});

const bytes = (from: number, to: number) =>
  fc.uint8Array({ minLength: from, maxLength: to }).map((array) => Buffer.from(array));
const minted = fc
  .record({
    identifier: bytes(1, 300),
    rootKey: bytes(32, 32),
    caveats: fc.array(fc.string({ minLength: 1, maxLength: 150 }), { maxLength: 5 }),
  })
  .map((wanted) => ({ ...wanted, macaroon: mintMacaroon({ location: "here", ...wanted }) }));

test("whatever is made is read back the same, in either base64, padded or not", () => {
  fc.assert(
    fc.property(minted, ({ macaroon }) => {
      const standard = macaroonText(macaroon);
      const urlSafe = standard.replaceAll("+", "-").replaceAll("/", "_");
      for (const text of [standard, urlSafe, standard.replace(/=+$/, ""), urlSafe.replace(/=+$/, "")]) {
        expect(parseMacaroon(text)).toEqual(macaroon);
      }
    }),
  );
});

test("no byte can be changed, but for those of the location, without breaking the signature or the form", () => {
  fc.assert(
    fc.property(minted, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ macaroon, rootKey }, place, change) => {
      const altered = encodeMacaroon(macaroon);
      const inLocation = 1 + 2 + macaroon.location.length;
      const at = inLocation + (place % (altered.length - inLocation));
      altered[at] = (altered[at] as number) ^ change;
      const read = decodeMacaroon(altered);
      if (!read) return;
      expect(isSignedBy(read, rootKey)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("a caveat can be added by anybody in the right way, and taken away by nobody", () => {
  fc.assert(
    fc.property(minted, ({ macaroon, rootKey }) => {
      expect(isSignedBy(macaroon, rootKey)).toBe(true);
      const fewer = macaroon.caveats.slice(0, -1);
      if (macaroon.caveats.length > 0) expect(isSignedBy({ ...macaroon, caveats: fewer }, rootKey)).toBe(false);
      const moreUnsigned = [...macaroon.caveats, Buffer.from("more=1")];
      expect(isSignedBy({ ...macaroon, caveats: moreUnsigned }, rootKey)).toBe(false);
    }),
  );
});

test("rubbish is no macaroon, and reading it throws nothing", () => {
  fc.assert(fc.property(bytes(0, 200), (rubbish) => void decodeMacaroon(Buffer.concat([Buffer.of(2), rubbish]))));
  const whole = bytesOf(PUBLISHED.caveat_v2_1);
  for (let length = 0; length < whole.length; length += 1) expect(decodeMacaroon(whole.subarray(0, length))).toBeNull();
  expect(decodeMacaroon(Buffer.concat([whole, Buffer.of(0)]))).toBeNull();
  expect(decodeMacaroon(Buffer.concat([Buffer.of(1), whole.subarray(1)]))).toBeNull();
  for (const text of ["", "=", "not a macaroon!", "AgE", "A".repeat(20_000)]) expect(parseMacaroon(text)).toBeNull();
});
