import { expect, test } from "vitest";
import { amountFault, feeFault, preimageFault, reasonFault } from "./fields";

const isFine = (fault: string | null) => fault === null;

test.each([
  ["1", true],
  [" 100000000 ", true],
  ["0", false],
  ["100000001", false],
  ["1.5", false],
  ["-1", false],
  ["", false],
  ["1e3", false],
])("an amount %j: %s", (text, fine) => expect(isFine(amountFault(text))).toBe(fine));

test.each([
  ["", true],
  ["0", true],
  ["1000000", true],
  ["1000001", false],
  ["x", false],
])("a fee %j: %s", (text, fine) => expect(isFine(feeFault(text))).toBe(fine));

test.each([
  ["", true],
  ["aB".repeat(32), true],
  ["ab".repeat(31), false],
  ["zz".repeat(32), false],
])("a preimage %j: %s", (text, fine) => expect(isFine(preimageFault(text))).toBe(fine));

test.each([
  ["why", true],
  ["  a ", false],
])("a reason %j: %s", (text, fine) => expect(isFine(reasonFault(text))).toBe(fine));
