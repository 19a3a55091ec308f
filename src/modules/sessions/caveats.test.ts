import { expect, test } from "vitest";
import { allows, FIRST_CAVEAT } from "./caveats";

const now = new Date("2026-11-22T12:00:00Z");
const second = now.getTime() / 1000;
const until = (seconds: number) => `timmy_valid_until=${seconds}`;

test.each([
  ["as it was made", []],
  ["a time that has not come", [until(second + 1)]],
  ["a time, and then a shorter one", [until(second + 60), until(second + 1)]],
  ["what another service asks for", ["their_valid_until=1", "account = 3735928559", "no key at all"]],
  ["services that grow fewer", ["services=timmy:0"]],
])("allows: %s", (_, more) => {
  expect(allows([FIRST_CAVEAT, ...more], now)).toBe(true);
});

test.each([
  ["nothing said of services", [until(second + 1)]],
  ["another service only", ["services=other:0"]],
  ["another tier", ["services=timmy:1"]],
])("refuses: %s", (_, caveats) => {
  expect(allows(caveats, now)).toBe(false);
});

test.each([
  ["a time that is over", [until(second - 1)]],
  ["this very second", [until(second)]],
  ["a time that is made longer again", [until(second + 1), until(second + 60)]],
  ["a time that is none", ["timmy_valid_until=soon", "x=y"]],
  ["a time below zero", ["timmy_valid_until=-1"]],
  ["services that grow more", ["services=timmy:0,other:0"]],
  ["services of others alone, later", ["services=other:0"]],
  ["no service, later", ["services="]],
  ["something that binds us and that we do not know", ["timmy_capabilities=read"]],
  ["the same with blanks before it", ["  timmy_capabilities = read"]],
  ["the same without a value", ["timmy"]],
])("refuses: %s", (_, more) => {
  expect(allows([FIRST_CAVEAT, ...more], now)).toBe(false);
});
