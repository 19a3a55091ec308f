import { unwrap } from "./unwrap";
import type { Workshop } from "./workshop";

export type OpenSession = { sessionId: string; refundToken: string; bearer: string; depositHash: string };

/** A session whose deposit is paid and noticed. */
export async function openSession(
  shop: Pick<Workshop, "services" | "payOutside">,
  amountSats = 1000,
  pubkey: string | null = null,
): Promise<OpenSession> {
  const { sessions, invoices } = shop.services;
  const created = unwrap(await sessions.create({ amountSats, clientKey: "me", pubkey }));
  await shop.payOutside(created.depositInvoice.paymentHash);
  unwrap(await invoices.lookUp(created.depositInvoice.paymentHash));
  return {
    sessionId: created.sessionId,
    refundToken: created.refundToken,
    bearer: `Bearer ${created.macaroon}`,
    depositHash: created.depositInvoice.paymentHash,
  };
}

/** What stands on every account of these owners, in sats. */
export async function balancesOf({ db }: Pick<Workshop, "db">, ...owners: string[]): Promise<Record<string, number>> {
  const rows = await db.prisma.ledgerAccount.findMany({ where: { owner: { in: owners } } });
  const sums: Record<string, number> = {};
  for (const { kind, balanceMsat } of rows) sums[kind] = (sums[kind] ?? 0) + Number(balanceMsat) / 1000;
  return sums;
}
