import { expect, test } from "vitest";
import { cleanTarget, targetFault } from "./claim-target";

const INVOICE = "lnbcrt210n1p5abcdefghijklmnopqrstuvwxyz";

test("an invoice is taken as wallets hand it over", () => {
  for (const given of [INVOICE, ` ${INVOICE}\n`, `lightning:${INVOICE}`, `LIGHTNING:${INVOICE.toUpperCase()}`]) {
    const target = cleanTarget(given);
    expect(targetFault("invoice", target), given).toBeNull();
    expect(target.toLowerCase()).toBe(INVOICE);
  }
});

test("what is none is named before anything is sent", () => {
  expect(targetFault("invoice", "you@wallet.example")).not.toBeNull();
  expect(targetFault("invoice", "")).not.toBeNull();
  expect(targetFault("lightningAddress", INVOICE)).not.toBeNull();
  expect(targetFault("lightningAddress", "you@wallet.example")).toBeNull();
});
