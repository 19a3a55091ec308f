import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenSession, openSession } from "~/testing/open-session";
import { propertyRuns } from "~/testing/property-runs";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { encodeMacaroon, type Macaroon, macaroonText, mintMacaroon, parseMacaroon } from "./macaroon-v2";

let shop: TroubledWorkshop;
let mine: OpenSession;
let theirs: OpenSession;
beforeAll(async () => {
  shop = await troubledWorkshop();
  mine = await openSession(shop);
  theirs = await openSession(shop);
});
afterAll(() => shop.close());

const macaroonOf = ({ bearer }: OpenSession): Macaroon => {
  const macaroon = parseMacaroon(bearer.slice("Bearer ".length));
  if (!macaroon) throw new Error("no macaroon");
  return macaroon;
};
/** As any holder can do it. */
const narrowed = (macaroon: Macaroon, caveat: string): Macaroon => ({
  ...macaroon,
  caveats: [...macaroon.caveats, Buffer.from(caveat)],
  signature: createHmac("sha256", macaroon.signature).update(caveat).digest(),
});
const bearer = (macaroon: Macaroon) => `Bearer ${macaroonText(macaroon)}`;
const secondsFromNow = (seconds: number) => Math.floor(shop.clock.now().getTime() / 1000) + seconds;
const preimageOf = async (paymentHash: string): Promise<string> =>
  (await shop.db.prisma.simulatedInvoice.findUniqueOrThrow({ where: { paymentHash } })).preimage;

/** Every door of a session, tried with this header: what each said. */
async function tryAll({ sessionId }: OpenSession, authorization: string | null) {
  const { sessions } = shop.services;
  const answers = [
    await sessions.view(sessionId, authorization, { limit: 10 }),
    await sessions.request(sessionId, authorization, { request: "a haiku", onceKey: null }),
    await sessions.topup(sessionId, authorization, 500),
    await sessions.viewRequest(sessionId, authorization, sessionId),
  ];
  return answers.map((answer) => (answer.ok ? "ok" : answer.error.code));
}
const moved = async () => ({
  postings: await shop.db.prisma.ledgerTransfer.count(),
  requests: await shop.db.prisma.sessionRequest.count(),
  invoices: await shop.db.prisma.invoice.count(),
});
async function opensNothing(session: OpenSession, authorization: string | null, code = "credentialInvalid") {
  const before = await moved();
  expect(await tryAll(session, authorization)).toEqual([code, code, code, code]);
  expect(await moved()).toEqual(before);
}
const opens = async ({ sessionId }: OpenSession, authorization: string) =>
  expect(await shop.services.sessions.view(sessionId, authorization, { limit: 1 })).toMatchObject({ ok: true });

describe("opens", () => {
  test("as it was given, with the preimage and without, by either name, in either base64, among others", async () => {
    const text = mine.bearer.slice("Bearer ".length);
    const preimage = await preimageOf(mine.depositHash);
    const urlSafe = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    const foreign = theirs.bearer.slice("Bearer ".length);
    for (const header of [
      mine.bearer,
      `bearer ${urlSafe}`,
      `L402 ${text}:${preimage}`,
      `LSAT ${text}:${preimage}`,
      `l402 ${urlSafe}:${preimage.toUpperCase()}`,
      `L402 AAAA,${text}:${preimage}`,
      `L402 ${foreign},${text}:${preimage}`,
    ]) {
      await opens(mine, header);
    }
  });

  test("narrowed by its holder, as long as that allows it", async () => {
    const macaroon = macaroonOf(mine);
    const soon = narrowed(macaroon, `timmy_valid_until=${secondsFromNow(3600)}`);
    await opens(mine, bearer(soon));
    await opens(mine, bearer(narrowed(soon, "somebody_elses=business")));
    await opensNothing(mine, bearer(narrowed(soon, `timmy_valid_until=${secondsFromNow(7200)}`)));
    await opensNothing(mine, bearer(narrowed(macaroon, "timmy_something=new")));
    shop.clock.advance(3_601_000);
    await opensNothing(mine, bearer(soon));
    await opens(mine, mine.bearer);
  });
});

describe("opens nothing, and nothing moves", () => {
  test.each([null, "", "Basic dTpw", "Nostr e30=", "Digest x"])("header: %s", async (header) => {
    await opensNothing(mine, header, "credentialMissing");
  });
  test.each(["Bearer", "Bearer ,", "Bearer AAAA", "L402 :", "L402 AAAA", "LSAT x:y", `L402 AAAA:${"0".repeat(64)}`])(
    "header: %s",
    async (header) => {
      await opensNothing(mine, header, header === "Bearer" ? "credentialMissing" : "credentialInvalid");
    },
  );

  test("of another session, or paid for by another invoice", async () => {
    await opensNothing(mine, theirs.bearer);
    const text = mine.bearer.slice("Bearer ".length);
    await opensNothing(mine, `L402 ${text}:${await preimageOf(theirs.depositHash)}`);
    await opensNothing(mine, `L402 ${text}:${randomBytes(32).toString("hex")}`);
  });

  test("whatever is altered in it, forged, or put together from others", async () => {
    const [own, foreign] = [macaroonOf(mine), macaroonOf(theirs)];
    const whole = encodeMacaroon(own);
    // The location is a hint that nobody signs.
    const signedFrom = 3 + own.location.length;
    const altered = fc
      .tuple(fc.integer({ min: signedFrom, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }))
      .map(([at, change]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] as number) ^ change;
        return `Bearer ${bytes.toString("base64")}`;
      });
    const cut = fc.nat(whole.length - 1).map((length) => `Bearer ${whole.subarray(0, length).toString("base64")}`);
    const forged = fc
      .record({
        identifier: fc.constantFrom(own.identifier, foreign.identifier),
        key: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key)),
      })
      .map(({ identifier, key }) =>
        bearer(mintMacaroon({ location: "", identifier, caveats: ["services=timmy:0"], rootKey: key })),
      );
    const mixed = fc
      .record({
        identifier: fc.constantFrom(own.identifier, foreign.identifier),
        signature: fc.constantFrom(foreign.signature, randomBytes(32), Buffer.alloc(32)),
        caveats: fc.constantFrom([], own.caveats, [...own.caveats, Buffer.from("services=timmy:0")]),
      })
      .filter(({ identifier, signature }) => identifier !== foreign.identifier || signature !== foreign.signature)
      .map((parts) => bearer({ location: "timmys-workshop", ...parts }));
    const over = fc
      .integer({ min: -1_000_000, max: 0 })
      .map((seconds) => bearer(narrowed(own, `timmy_valid_until=${secondsFromNow(seconds)}`)));
    const widened = fc
      .constantFrom("services=timmy:0,other:0", "services=", "services=other:0", "timmy", "timmy_valid_until=x")
      .map((caveat) => bearer(narrowed(own, caveat)));
    const rubbish = fc.string({ unit: "binary", maxLength: 80 }).map((text) => `Bearer ${text.replaceAll(/\s/g, "")}`);

    const before = await moved();
    await fc.assert(
      fc.asyncProperty(fc.oneof(altered, cut, forged, mixed, over, widened, rubbish), async (header) => {
        const refused = await tryAll(mine, header);
        expect(refused.every((code) => code === "credentialInvalid" || code === "credentialMissing")).toBe(true);
      }),
      propertyRuns(150, 400),
    );
    expect(await moved()).toEqual(before);
    await opens(mine, mine.bearer);
  });

  test("before the deposit is paid, even with its preimage, which the wallet knows beforehand", async () => {
    const { sessions } = shop.services;
    const created = unwrap(await sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
    const session = {
      sessionId: created.sessionId,
      refundToken: created.refundToken,
      bearer: `Bearer ${created.macaroon}`,
      depositHash: created.depositInvoice.paymentHash,
    };
    const l402 = `L402 ${created.macaroon}:${await preimageOf(session.depositHash)}`;
    await opensNothing(session, l402, "depositUnpaid");
    // Just paid: whoever asks waits until the wallet has confirmed it, and nobody had to tell us.
    await shop.payOutside(session.depositHash);
    await opens(session, l402);
  });

  test("once its key is taken away, or where it cannot be unsealed", async () => {
    const revoked = await openSession(shop);
    const keys = shop.db.prisma.sessionKey;
    const own = await keys.findFirstOrThrow({ where: { sessionId: revoked.sessionId } });
    const other = await keys.findFirstOrThrow({ where: { sessionId: theirs.sessionId } });
    expect(Buffer.from(own.rootKey).toString("hex")).not.toContain(revoked.bearer);
    await keys.update({ where: { idHash: own.idHash }, data: { rootKey: other.rootKey } });
    await opensNothing(revoked, revoked.bearer);
    await keys.delete({ where: { idHash: own.idHash } });
    await opensNothing(revoked, revoked.bearer);
  });
});

test("a deposit that comes after its invoice expired is owed, and then its credential reads the session", async () => {
  const { sessions, invoices } = shop.services;
  const created = unwrap(await sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
  const hash = created.depositInvoice.paymentHash;
  await shop.payOutside(hash);
  await invoices.expire(hash);
  expect(unwrap(await invoices.lookUp(hash))).toBe("settled");
  const authorization = `Bearer ${created.macaroon}`;
  expect(unwrap(await sessions.view(created.sessionId, authorization, { limit: 1 }))).toMatchObject({
    state: "expired",
    balanceSats: 0,
    owedSats: 500,
  });
  expect(await sessions.request(created.sessionId, authorization, { request: "a", onceKey: null })).toMatchObject({
    error: { code: "sessionNotActive", state: "expired" },
  });
  expect(await sessions.topup(created.sessionId, authorization, 500)).toMatchObject({
    error: { code: "sessionNotActive" },
  });
});
