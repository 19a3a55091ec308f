import { bech32 } from "@scure/base";
import { expect, test } from "vitest";
import { msat } from "~/core/money";
import { decodeInvoice } from "./decode-invoice";
import { signInvoice } from "./sign-invoice";

/** BOLT11's own example: "1 cup coffee" within one minute, 2500 micro-bitcoin. */
const COFFEE =
  "lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpuaztrnwngzn3kdzw5hydlzf03qdgm2hdq27cqv3agm2awhz5se903vruatfhq77w3ls4evs3ch9zw97j25emudupq63nyw24cg27h2rspfj9srp";
const HASH = "0001020304050607080900010203040506070809000102030405060708090102";
const DETAILS = {
  paymentHash: HASH,
  paymentSecret: "11".repeat(32),
  description: "Für dich ⚡",
  createdAt: new Date("2026-11-22T10:00:00Z"),
  expirySeconds: 600,
  privateKey: "22".repeat(32),
};
const UNREADABLE = { ok: false, error: { code: "invoiceUnreadable" } };

test("reads the example of BOLT11", () => {
  expect(decodeInvoice(COFFEE)).toEqual({
    ok: true,
    value: {
      paymentRequest: COFFEE,
      paymentHash: HASH,
      network: "bc",
      amountMsat: 250_000_000n,
      createdAt: new Date(1496314658_000),
      expiresAt: new Date(1496314718_000),
      description: "1 cup coffee",
    },
  });
});

test.each([
  ["upper case, as from a QR code", COFFEE.toUpperCase()],
  ["with a scheme", `lightning:${COFFEE}`],
  ["with a scheme, in upper case", `LIGHTNING:${COFFEE.toUpperCase()}`],
  ["with slashes after the scheme", `lightning://${COFFEE}`],
  ["with blanks around it", ` \n${COFFEE}\t`],
])("reads an invoice %s", (_, text) => {
  expect(decodeInvoice(text)).toMatchObject({ ok: true, value: { paymentRequest: COFFEE, paymentHash: HASH } });
});

test.each(["bc", "tb", "tbs", "bcrt", "sb"] as const)(
  "reads what was signed for %s, with and without an amount",
  (network) => {
    for (const amountMsat of [null, msat(1n), msat(123_456n), msat(21_000_000n), msat(100_000_000_000n)]) {
      const paymentRequest = signInvoice({ ...DETAILS, network, amountMsat });
      expect(decodeInvoice(paymentRequest)).toEqual({
        ok: true,
        value: {
          paymentRequest,
          paymentHash: HASH,
          network,
          amountMsat,
          createdAt: DETAILS.createdAt,
          expiresAt: new Date("2026-11-22T10:10:00Z"),
          description: DETAILS.description,
        },
      });
    }
  },
);

const SIGNED = signInvoice({ ...DETAILS, network: "bcrt", amountMsat: msat(5000n) });

test.each([
  ["nothing", ""],
  ["words", "please pay me"],
  ["only a prefix", "lnbc1"],
  ["a flipped letter", SIGNED.replace(/.$/, (last) => (last === "q" ? "p" : "q"))],
  ["mixed case", `${SIGNED.slice(0, 20)}${SIGNED.slice(20).toUpperCase()}`],
  ["a cut-off end", SIGNED.slice(0, -10)],
  ["an address", "timmy@example.com"],
  ["an LNURL", bech32.encode("lnurl", bech32.toWords(Buffer.from("https://example.com")), false)],
  ["a book", `lnbc1${"q".repeat(100_000)}`],
  ["an unknown chain", recode(SIGNED, (words) => words, "lnxx50n")],
  ["a tenth of a msat", recode(SIGNED, (words) => words, "lnbcrt25p")],
  ["an amount of nothing", recode(SIGNED, (words) => words, "lnbcrt0n")],
  ["an unknown multiplier", recode(SIGNED, (words) => words, "lnbcrt25x")],
  ["more than all bitcoin", recode(SIGNED, (words) => words, "lnbcrt21000001")],
  ["no payment hash", recode(SIGNED, (words) => [...words.slice(0, 7), ...words.slice(-104)])],
  // Wallets differ in which of two hashes they take: we would record one and pay the other.
  [
    "two payment hashes",
    recode(SIGNED, (words) => [...words.slice(0, -104), ...hashField("ab".repeat(32)), ...words.slice(-104)]),
  ],
  ["an endless expiry", recode(SIGNED, (words) => [...words.slice(0, 7), ...expiryOf(words), ...words.slice(-104)])],
])("refuses %s without throwing", (_, text) => {
  expect(decodeInvoice(text)).toEqual(UNREADABLE);
});

test("a payee key that did not sign it is refused", () => {
  const forged = recode(SIGNED, (words) => [
    ...words.slice(0, -104),
    ...[19, 1, 21],
    ...bech32.toWords(Buffer.from(`02${"79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}`, "hex")),
    ...words.slice(-104),
  ]);
  expect(decodeInvoice(forged)).toEqual(UNREADABLE);
});

/** The same invoice with other words or another prefix and a checksum that fits again. */
function recode(invoice: string, change: (words: number[]) => number[], prefix?: string): string {
  const decoded = bech32.decode(invoice as `${string}1${string}`, false);
  return bech32.encode(prefix ?? decoded.prefix, change(decoded.words), false);
}

/** BOLT11 field p: type 1, length 52 words, then the hash. */
function hashField(hash: string): number[] {
  return [1, 1, 20, ...bech32.toWords(Buffer.from(hash, "hex"))];
}

/** The hash of an invoice, and an expiry (field x, type 6) that no calendar holds. */
function expiryOf(words: number[]): number[] {
  const hash = words.slice(7, 7 + 55);
  return [...hash, 6, 0, 30, ...Array<number>(30).fill(31)];
}
