import { expect, test } from "vitest";
import { payRequestUrl } from "./lightning-address";

const PRIVATE = new Set(["127.0.0.1:4000"]);

test.each([
  ["timmy@example.com", "https://example.com/.well-known/lnurlp/timmy"],
  [" Timmy@Example.COM ", "https://example.com/.well-known/lnurlp/timmy"],
  ["timmy.the-great_1+tips@pay.example.com", "https://pay.example.com/.well-known/lnurlp/timmy.the-great_1+tips"],
  ["timmy@bücher.example", "https://xn--bcher-kva.example/.well-known/lnurlp/timmy"],
  ["timmy@127.0.0.1:4000", "http://127.0.0.1:4000/.well-known/lnurlp/timmy"],
  ["timmy@127.0.0.1:4001", "https://127.0.0.1:4001/.well-known/lnurlp/timmy"],
])("%j is asked at %s", (address, url) => {
  expect(payRequestUrl(address, PRIVATE)?.href).toBe(url);
});

test.each([
  "",
  "timmy",
  "@example.com",
  "timmy@",
  "timmy@@example.com",
  "timmy@pass@example.com",
  "timmy@example.com/path",
  "timmy@example.com?query",
  "timmy@example.com#fragment",
  "timmy@example.com\\@localhost",
  "timmy@exa mple.com",
  "timmy@%6cocalhost",
  "timmy@[::1]",
  "timmy@example.com:99999",
  "..@example.com",
  "../admin@example.com",
  `${"t".repeat(65)}@example.com`,
  "tïmmy@example.com",
  "lnurl1dp68gurn8ghj7",
])("%j is no Lightning address", (text) => {
  expect(payRequestUrl(text, PRIVATE)).toBeNull();
});
