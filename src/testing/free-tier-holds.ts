import { expect } from "vitest";
import { freeTierFaults } from "./free-tier";
import { unwrap } from "./unwrap";
import type { Workshop } from "./workshop";

/** The free tier is as it must be, and the books balance with the wallet. */
export async function expectFreeTierHolds(shop: Pick<Workshop, "db" | "services">): Promise<void> {
  expect(await freeTierFaults(shop)).toEqual([]);
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
}
