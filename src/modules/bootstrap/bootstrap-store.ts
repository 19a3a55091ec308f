import { type Sats, sats } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { BootstrapOrder } from "~/db/generated/client";
import type { NodePart } from "~/ports/node-provider";
import type { BootstrapState } from "./bootstrap";

type Bytes = Uint8Array<ArrayBuffer>;

export type LockedOrder = { id: string; state: BootstrapState; attempt: number; feeSats: Sats };

/** What a step changes besides the state. */
export type OrderChange = {
  provider?: string;
  deadlineAt?: Date;
  tailscaleHostname?: string | null;
  lnbitsUrl?: string;
  errorMessage?: string;
  note?: string;
};

/** A new order, waiting for its fee. */
export async function insertOrder(
  tx: Tx,
  order: { id: string; clientKey: string; pubkey: string | null; feeSats: Sats; createdAt: Date },
): Promise<void> {
  const data = { ...order, stateChangedAt: order.createdAt, state: "awaiting_payment" };
  await tx.bootstrapOrder.create({ data, select: { id: true } });
}

/** Reads the order and keeps every other writer out until the transaction ends. */
export async function lockOrder(tx: Tx, id: string): Promise<LockedOrder | null> {
  type Row = Pick<BootstrapOrder, "id" | "state" | "attempt" | "feeSats">;
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT id, state, attempt, fee_sats AS "feeSats" FROM bootstrap_order WHERE id = ${id}::uuid FOR UPDATE`;
  if (!row) return null;
  const state = row.state as BootstrapState; // the column's CHECK admits no other
  return { ...row, state, feeSats: sats(row.feeSats) };
}

/**
 * The new state and what came with it. When an order fails, everything made for it must be removed, and its private
 * key is worthless.
 */
export async function moveOrder(
  tx: Tx,
  order: LockedOrder,
  to: BootstrapState,
  change: OrderChange,
  now: Date,
): Promise<void> {
  const moved = to !== order.state && { state: to, stateChangedAt: now, message: null };
  const failed = to === "failed" && { sealedPrivateKey: null, removalDueAt: now };
  await tx.bootstrapOrder.update({
    where: { id: order.id },
    data: { ...change, ...moved, ...failed },
    select: { id: true },
  });
  await announce(tx, order.id);
}

/** Counts the change, and wakes whoever watches the order, in any process, once the transaction commits. */
export async function announce(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`
    WITH changed AS (UPDATE bootstrap_order SET change_seq = change_seq + 1 WHERE id = ${id}::uuid RETURNING id)
    SELECT pg_notify('bootstrap', id::text) FROM changed`;
}

/** One run of an order that is being provisioned, by its fencing number. */
export type Run = {
  id: string;
  attempt: number;
  provider: string;
  deadlineAt: Date;
  publicKey: string | null;
  serverIp: string | null;
  message: string | null;
};

/** Takes the next fencing number; null when the order is not being provisioned any more. */
export async function beginRun(db: Database, id: string): Promise<Run | null> {
  const [row] = await db.prisma.bootstrapOrder.updateManyAndReturn({
    where: { id, state: "provisioning" },
    data: { attempt: { increment: 1 } },
    select: {
      id: true,
      attempt: true,
      provider: true,
      deadlineAt: true,
      publicKey: true,
      serverIp: true,
      message: true,
    },
  });
  if (!row) return null;
  const { provider, deadlineAt, ...rest } = row;
  if (provider === null || deadlineAt === null) throw new Error("a node in progress lacks its provider or deadline");
  return { ...rest, provider, deadlineAt };
}

/** The order while it is still this run's, else null. Nobody else moves it until the transaction ends. */
export async function holdRun(tx: Tx, run: Pick<Run, "id" | "attempt">): Promise<LockedOrder | null> {
  const order = await lockOrder(tx, run.id);
  return order?.attempt === run.attempt && order.state === "provisioning" ? order : null;
}

/** Keeps the SSH key pair, its private half sealed, before anything is made with it. */
export async function keepKeyPair(tx: Tx, id: string, publicKey: string, sealedPrivateKey: Bytes): Promise<void> {
  await tx.bootstrapOrder.update({ where: { id }, data: { publicKey, sealedPrivateKey }, select: { id: true } });
}

/** Keeps the machine's public IPv4 address and tells those who watch. */
export async function keepAddress(tx: Tx, id: string, serverIp: string): Promise<void> {
  await tx.bootstrapOrder.update({ where: { id }, data: { serverIp }, select: { id: true } });
  await announce(tx, id);
}

/** Keeps what happens now, in words for the visitor, and tells those who watch. */
export async function keepMessage(tx: Tx, id: string, message: string): Promise<void> {
  await tx.bootstrapOrder.update({ where: { id }, data: { message }, select: { id: true } });
  await announce(tx, id);
}

/** Keeps what the operator may want to know; no visitor sees it. */
export async function keepNote(tx: Tx, id: string, note: string): Promise<void> {
  await tx.bootstrapOrder.update({ where: { id }, data: { note }, select: { id: true } });
}

export type PartRow = {
  part: NodePart;
  triedAt: Date | null;
  providerId: string | null;
  sealedSecret: Uint8Array | null;
  madeAt: Date | null;
  removedAt: Date | null;
};

const partOf = <R extends { part: string }>(row: R) => ({ ...row, part: row.part as NodePart }); // the column's CHECK admits no other

/** Every part that was ever tried for the order. */
export async function readParts(db: Database, orderId: string): Promise<PartRow[]> {
  const rows = await db.prisma.bootstrapPart.findMany({ where: { orderId } });
  return rows.map(partOf);
}

/** Written before a part is asked for. Null: nothing of it was sent yet. */
export async function markTried(tx: Tx, orderId: string, part: NodePart, triedAt: Date | null): Promise<void> {
  const where = { orderId_part: { orderId, part } };
  await tx.bootstrapPart.upsert({ where, create: { orderId, part, triedAt }, update: { triedAt } });
}

/** Written after a part was made. Nobody needs the secrets of the others once the server is there. */
export async function markMade(
  tx: Tx,
  orderId: string,
  made: { part: NodePart; providerId: string; sealedSecret: Bytes | null; madeAt: Date },
): Promise<void> {
  const { part, ...rest } = made;
  await tx.bootstrapPart.update({ where: { orderId_part: { orderId, part } }, data: rest, select: { part: true } });
  if (part === "server") await tx.bootstrapPart.updateMany({ where: { orderId }, data: { sealedSecret: null } });
}

/** Gives the private key out: whoever comes first gets it, sealed as it was kept, and then it is gone. */
export async function takePrivateKey(tx: Tx, id: string, now: Date): Promise<Uint8Array | null> {
  const [taken] = await tx.$queryRaw<{ sealed: Uint8Array }[]>`
    WITH kept AS (
      SELECT id, sealed_private_key FROM bootstrap_order
      WHERE id = ${id}::uuid AND state = 'ready' AND sealed_private_key IS NOT NULL FOR UPDATE),
    taken AS (
      UPDATE bootstrap_order o
      SET sealed_private_key = NULL, private_key_taken_at = ${now}, change_seq = change_seq + 1
      FROM kept WHERE o.id = kept.id RETURNING kept.id, kept.sealed_private_key)
    SELECT sealed_private_key AS sealed, pg_notify('bootstrap', id::text)::text FROM taken`;
  return taken?.sealed ?? null;
}

/** A failed order with what may be left of it outside. */
export type Removal = {
  id: string;
  provider: string;
  publicKey: string | null;
  failedAt: Date;
  parts: PartRow[];
};

/** Null when nothing of the order is left to be removed. */
export async function readRemoval(db: Database, id: string): Promise<Removal | null> {
  const row = await db.prisma.bootstrapOrder.findFirst({
    where: { id, state: "failed", removalDueAt: { not: null } },
    select: { id: true, provider: true, publicKey: true, stateChangedAt: true, parts: { where: { removedAt: null } } },
  });
  if (!row) return null;
  const { provider, stateChangedAt, parts, ...rest } = row;
  if (provider === null) throw new Error("a node failed that nobody was to make");
  return { ...rest, provider, failedAt: stateChangedAt, parts: parts.map(partOf) };
}

/** The part is gone at its provider, and its secret here. */
export async function markRemoved(db: Database, orderId: string, part: NodePart, removedAt: Date): Promise<void> {
  const where = { orderId_part: { orderId, part } };
  await db.prisma.bootstrapPart.update({ where, data: { removedAt, sealedSecret: null }, select: { part: true } });
}

/** Removal is tried again then; `note` says why it did not work. */
export async function putOffRemoval(tx: Tx, id: string, removalDueAt: Date, note: string): Promise<void> {
  await tx.bootstrapOrder.update({ where: { id }, data: { removalDueAt, note }, select: { id: true } });
}

/** Nothing of the order is left outside. */
export async function endRemoval(db: Database, id: string): Promise<void> {
  await db.prisma.bootstrapOrder.update({ where: { id }, data: { removalDueAt: null }, select: { id: true } });
}

/** Orders that should be at an end by then: their task was lost or never got a worker. */
export async function overdueOrders(db: Database, before: Date, limit: number): Promise<string[]> {
  const rows = await db.prisma.bootstrapOrder.findMany({
    where: { state: "provisioning", deadlineAt: { lt: before } },
    select: { id: true },
    orderBy: { deadlineAt: "asc" },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** Failed orders of which something should have been removed by then. */
export async function overdueRemovals(db: Database, before: Date, limit: number): Promise<string[]> {
  const rows = await db.prisma.bootstrapOrder.findMany({
    where: { removalDueAt: { lt: before } },
    select: { id: true },
    orderBy: { removalDueAt: "asc" },
    take: limit,
  });
  return rows.map(({ id }) => id);
}
