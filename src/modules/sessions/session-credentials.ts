import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import type { Clock } from "~/ports/clock";
import { allows, FIRST_CAVEAT } from "./caveats";
import { type Credential, identifierOf, isPreimageOf, paymentHashIn, readCredential } from "./l402-credential";
import { isSignedBy, type Macaroon, macaroonText, mintMacaroon, parseMacaroon } from "./macaroon-v2";
import { insertKey, type KeyRow, readKeys } from "./session-store";

/** How secrets are kept in the database; `context` ties one to its row. */
export type Sealing = {
  seal(content: Uint8Array, context: string): Uint8Array<ArrayBuffer>;
  open(sealed: Uint8Array, context: string): Buffer;
};

export type CredentialRefused =
  | { code: "credentialMissing" }
  | { code: "credentialInvalid" }
  /** All is well with it, but the deposit that it commits to has not arrived. */
  | { code: "depositUnpaid" };

/** A session that its caller may use. */
export type OpenedSession = Omit<KeyRow, "idHash" | "rootKey" | "depositState">;

type Deps = { db: Database; invoices: InvoiceService; clock: Clock; sealing: Sealing };

const LOCATION = "timmys-workshop";
const SECRET_BYTES = 32;
/** Who has just paid waits so long for the wallet to confirm it. */
const CONFIRM_MS = 2000;
const FIRST_PAUSE_MS = 40;

/**
 * Mints the macaroons of sessions and reads them back. Root keys are kept sealed under the sha256 of the identifier.
 */
export function sessionCredentials({ db, invoices, clock, sealing }: Deps) {
  /** Makes the macaroon of a session, which commits to its deposit, and how to keep its key in the session's transaction. */
  function mint(sessionId: string, paymentHash: string) {
    const rootKey = randomBytes(SECRET_BYTES);
    const identifier = identifierOf(paymentHash, randomBytes(SECRET_BYTES));
    const macaroon = mintMacaroon({ location: LOCATION, identifier, caveats: [FIRST_CAVEAT], rootKey });
    const idHash = idHashOf(identifier);
    const keep = (tx: Tx) => insertKey(tx, { idHash, sessionId, rootKey: sealing.seal(rootKey, idHash) });
    return { macaroon: macaroonText(macaroon), keep };
  }

  /** The session that an `Authorization` header opens. The preimage proves nothing: our books must have the deposit. */
  async function open(header: string | null): Promise<Result<OpenedSession, CredentialRefused>> {
    const credential = readCredential(header);
    if (credential === "absent") return err({ code: "credentialMissing" });
    const row = credential === "malformed" ? null : await find(credential);
    if (!row) return err({ code: "credentialInvalid" });
    if (row.depositState === "settled") return ok(row);
    if (!(await confirmedSoon(row.paymentHash))) return err({ code: "depositUnpaid" });
    // The payment has moved the session: what was read of it is old.
    const [paid] = await readKeys(db, [row.idHash]);
    return paid ? ok(paid) : err({ code: "credentialInvalid" });
  }

  /** The first of the macaroons that is one of ours, signed, allowed now, and of this payment. */
  async function find({ macaroons, preimage }: Credential): Promise<KeyRow | null> {
    const given = macaroons.map(parseMacaroon).filter((macaroon) => macaroon !== null);
    const rows = given.length > 0 ? await readKeys(db, given.map(hashOf)) : [];
    for (const macaroon of given) {
      const row = rows.find(({ idHash }) => idHash === hashOf(macaroon));
      if (row && isGood(macaroon, row) && (!preimage || isPreimageOf(preimage, row.paymentHash))) return row;
    }
    return null;
  }

  function isGood(macaroon: Macaroon, { idHash, rootKey, paymentHash }: KeyRow): boolean {
    const key = unsealed(rootKey, idHash);
    const caveats = macaroon.caveats.map((caveat) => caveat.toString());
    return (
      key !== null &&
      isSignedBy(macaroon, key) &&
      paymentHashIn(macaroon.identifier) === paymentHash &&
      allows(caveats, clock.now())
    );
  }

  /** Null where it was sealed with a secret that was replaced since: its macaroons are void. */
  function unsealed(rootKey: Uint8Array, idHash: string): Buffer | null {
    try {
      return sealing.open(rootKey, idHash);
    } catch {
      return null;
    }
  }

  async function confirmedSoon(paymentHash: string): Promise<boolean> {
    invoices.lookUpShared(paymentHash).catch(() => undefined); // what it finds out is read from the books below
    const until = Date.now() + CONFIRM_MS;
    for (let pauseMs = FIRST_PAUSE_MS; Date.now() < until; pauseMs *= 2) {
      await sleep(Math.min(pauseMs, until - Date.now()));
      const invoice = await invoices.find(paymentHash);
      if (invoice?.state === "settled") return true;
    }
    return false;
  }

  return { mint, open };
}
export type SessionCredentials = ReturnType<typeof sessionCredentials>;

const idHashOf = (identifier: Buffer): string => createHash("sha256").update(identifier).digest("hex");
const hashOf = ({ identifier }: Macaroon): string => idHashOf(identifier);
