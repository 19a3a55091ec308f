import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSession } from "~/testing/open-session";
import { NO_ANSWER, type OtherProcess, otherProcess } from "~/testing/other-process";
import { DONE, type ScriptedAgent, scriptedAgent } from "~/testing/scripted-agent";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import type { FeedItem } from "./workshop-feed";
import type { WorkshopEvent } from "./workshop-schema";
import { TEXTS } from "./workshop-texts";

const SOON = { timeout: 20_000, interval: 20 };

let shop: Workshop;
let agent: ScriptedAgent;
let watchers: { leave(): Promise<void> }[];
let visitor = 0;
beforeAll(async () => {
  agent = scriptedAgent();
  shop = await workshop({ outside: () => ({ agent }), settings: { FREE_MODEL_USD_PER_DAY: "1" } });
});
beforeEach(async () => {
  visitor += 1;
  watchers = [];
  agent.chats(async () => ({ ...DONE, text: "Well met." }));
  agent.judges(async () => ({ verdict: "acceptable", usage: DONE.usage }));
  agent.works(async () => DONE);
  await shop.db.pool.query("truncate workshop_chat");
});
afterEach(async () => {
  for (const watcher of watchers) await watcher.leave();
});
afterAll(() => shop.close());

type Watcher = ReturnType<typeof watching>;
/** Somebody in the room. */
function watching(afterSeq: number | null = null, at: Workshop = shop) {
  const items: FeedItem[] = [];
  const left = new AbortController();
  const gone = (async () => {
    for await (const item of at.services.workshop.watch(afterSeq, left.signal)) items.push(item);
  })();
  const events = (): WorkshopEvent[] => items.map(({ event }) => event);
  const watcher = {
    items,
    events,
    lines: () => events().flatMap((event) => (event.event === "chat" && event.seq !== undefined ? [event.text] : [])),
    notes: () =>
      events().flatMap((event) => (event.event === "chat" && event.seq === undefined ? [event.agentId] : [])),
    state: (agentId: string) =>
      events().findLast((event) => event.event === "agent_state" && event.agentId === agentId) as
        | { state: string }
        | undefined,
    count: () => (events().findLast(({ event }) => event === "visitor_count") as { count: number } | undefined)?.count,
    moments: () => events().flatMap((event) => (event.event === "world" && event.type !== "pool:level" ? [event] : [])),
    async leave() {
      left.abort();
      await gone;
    },
  };
  watchers.push(watcher);
  return watcher;
}
const inTheRoom = async (watcher: Watcher) => expect.poll(() => watcher.count(), SOON).toBeGreaterThan(0);
const say = (text: string, who = `visitor ${visitor}`) => shop.services.workshop.say(who, text);

const unanswered = async (): Promise<number> =>
  (await shop.db.pool.query("select count(*)::int as count from workshop_chat where thinker is not null")).rows[0]
    .count;

/** Something that is under way until it is let go. */
function held<T>(value: T) {
  let letGo = () => {};
  const holding = new Promise<T>((resolve) => (letGo = () => resolve(value)));
  return { holding, letGo: () => letGo() };
}

describe("what is said", () => {
  test("everybody reads question and answer, once, in order", async () => {
    const [one, two] = [watching(), watching()];
    await inTheRoom(one);
    await inTheRoom(two);
    const said = await say("Good evening");
    expect(said).toMatchObject({ shared: true, question: { agentId: "visitor" }, answer: { text: "Well met." } });
    for (const watcher of [one, two]) {
      await expect.poll(() => watcher.lines(), SOON).toEqual(["Good evening", "Well met."]);
      await expect.poll(() => watcher.moments(), SOON).toEqual([{ event: "world", type: "visitor:reply" }]);
    }
  });

  test("who comes later reads what was said before; who comes back, only what they missed", async () => {
    await say("One");
    const late = watching();
    await expect.poll(() => late.lines(), SOON).toEqual(["One", "Well met."]);
    const seen = late.items.at(-1)?.seq ?? 0;
    await late.leave();
    await say("Two");
    const back = watching(seen);
    await expect.poll(() => back.lines(), SOON).toEqual(["Two", "Well met."]);
    await say("Three");
    await expect.poll(() => back.lines(), SOON).toEqual(["Two", "Well met.", "Three", "Well met."]);
    expect(back.items.map(({ seq }) => seq)).toEqual(back.items.map(({ seq }) => seq).toSorted((a, b) => a - b));
  });

  test("who comes back with a number from another house begins anew", async () => {
    await say("One");
    const stranger = watching(999_999_999);
    await inTheRoom(stranger);
    await say("Two");
    await expect.poll(() => stranger.lines(), SOON).toEqual(["Two", "Well met."]);
  });

  test("many at once from two processes: every watcher reads all of it, each line once", async () => {
    await using other = await ending(otherProcess(shop.db.url));
    const watcher = watching();
    await inTheRoom(watcher);
    const calls = Array.from({ length: 20 }, (_, n) => ({ path: "workshop.say", args: [`other ${n}`, `there ${n}`] }));
    await Promise.all([other.call(...calls), ...Array.from({ length: 20 }, (_, n) => say(`here ${n}`, `mine ${n}`))]);
    await expect.poll(() => watcher.lines().length, SOON).toBe(80);
    const asked = watcher.lines().filter((line) => /^t?here \d/.test(line));
    expect(new Set(asked).size).toBe(40);
    const seqs = watcher.events().flatMap((event) => (event.event === "chat" ? (event.seq ?? []) : []));
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test("a question whose process is killed while Timmy thinks is answered all the same, once, for everybody", async () => {
    const fresh = await workshop({ databaseUrl: shop.db.url });
    const [here, there] = [watching(), watching(null, fresh)];
    await inTheRoom(here);
    await inTheRoom(there);
    const other = await otherProcess(shop.db.url);
    void other.call({ path: "workshop.say", args: ["somebody else", NO_ANSWER] });
    await expect.poll(() => here.state("gamma")?.state, SOON).toBe("working");
    // As long as its process lives, nobody speaks for it.
    await Promise.all([shop, fresh].map(({ services }) => services.workshop.cleanUpForTheDead()));
    expect(await unanswered()).toBe(1);
    await other.kill();
    for (const watcher of [here, there]) {
      await expect.poll(() => watcher.lines(), SOON).toEqual([NO_ANSWER, TEXTS.lost]);
      await expect.poll(() => watcher.state("gamma")?.state, SOON).toBe("idle");
    }
    await Promise.all([shop, fresh].map(({ services }) => services.workshop.cleanUpForTheDead()));
    expect(await unanswered()).toBe(0);
    await say("And now?");
    await expect.poll(() => there.lines(), SOON).toEqual([NO_ANSWER, TEXTS.lost, "And now?", "Well met."]);
    await there.leave();
    await fresh.close();
  });

  test("many who find such a question at once speak one line", async () => {
    await shop.db.pool.query("select workshop_ask('Hello?', now(), 200, 'runner:long gone')");
    const finders = Array.from({ length: 8 }, () => shop.services.workshop.cleanUpForTheDead());
    await Promise.all(finders);
    const watcher = watching();
    await expect.poll(() => watcher.lines(), SOON).toEqual(["Hello?", TEXTS.lost]);
  });

  test("a question that had more time than any answer takes is given up, though its process lives", async () => {
    await shop.outside.runner.proven();
    const ask = (text: string, age: string) =>
      shop.db.pool.query("select workshop_ask($1, now() - $2::interval, 200, $3)", [text, age, shop.outside.runner.id]);
    await ask("Old", "61 seconds");
    await ask("New", "1 second");
    await shop.services.workshop.cleanUpForTheDead();
    expect(await unanswered()).toBe(1);
    const watcher = watching();
    await expect.poll(() => watcher.lines(), SOON).toEqual(["Old", "New", TEXTS.lost]);
  });

  test("the log is bounded", async () => {
    await shop.db.pool.query("select workshop_say('visitor', n::text, now(), 200) from generate_series(1, 500) n");
    const { rows } = await shop.db.pool.query("select count(*)::int as count from workshop_chat");
    expect(rows[0].count).toBe(200);
    const watcher = watching();
    await expect.poll(() => watcher.lines().length, SOON).toBe(50);
    expect(watcher.lines().at(-1)).toBe("500");
  });

  test("lines older than texts are kept for are forgotten", async () => {
    await say("Old");
    await shop.db.pool.query("update workshop_chat set created_at = now() - interval '91 days'");
    await say("New", "another");
    await shop.services.tasks["erase-old-texts"]();
    const watcher = watching();
    await expect.poll(() => watcher.lines(), SOON).toEqual(["New", "Well met."]);
  });
});

describe("the limits of talk", () => {
  test("the fourth line of a minute is answered to its speaker alone, with patience", async () => {
    const watcher = watching();
    await inTheRoom(watcher);
    for (const text of ["One", "Two", "Three"]) expect(await say(text)).toMatchObject({ shared: true });
    const fourth = await say("Four");
    expect(fourth).toMatchObject({ shared: false, answer: { agentId: "timmy" } });
    if (fourth.shared) throw new Error("shared");
    expect(fourth.retryAfterSeconds).toBeGreaterThan(0);
    expect(fourth.answer.text).toBe(TEXTS.patience(fourth.retryAfterSeconds));
    expect(await say("Five", "somebody else")).toMatchObject({ shared: true });
    await expect.poll(() => watcher.lines(), SOON).toContain("Five");
    expect(watcher.lines()).not.toContain("Four");
  });

  test("two processes count together", async () => {
    await using other = await ending(otherProcess(shop.db.url));
    const calls = { path: "workshop.say", args: [`visitor ${visitor}`, "Hello"], times: 5 };
    const [there, ...here] = await Promise.all([other.call(calls), ...Array.from({ length: 5 }, () => say("Hello"))]);
    const answers = [...here, ...there.map((outcome) => (outcome as { returned: { shared: boolean } }).returned)];
    expect(answers.filter(({ shared }) => shared)).toHaveLength(3);
  });

  test("an answer is one line of 250 characters at most, cut at a word", async () => {
    agent.chats(async () => ({ ...DONE, text: `# Hm\n\n${"wizard ".repeat(100)}\u0000` }));
    const said = await say("Speak");
    expect([...said.answer.text].length).toBeLessThanOrEqual(250);
    expect(said.answer.text).toMatch(/^# Hm wizard .*wizard…$/);
  });

  test("without budget, or a model that answers, a canned remark comes all the same", async () => {
    const usage = { inputTokens: 10, outputTokens: 0 };
    const real = await workshop({
      databaseUrl: shop.db.url,
      outside: () => ({ agent: { ...agent, kind: "anthropic" } }),
      settings: { FREE_MODEL_USD_PER_DAY: "0.01", CHAT_PER_MINUTE: "100" },
    });
    const answer = async () => (await real.services.workshop.say(`visitor ${visitor}`, "Hello")).answer.text;
    expect(await answer()).toBe("Well met.");
    for (const code of ["agentUnreachable", "agentEmpty"] as const) {
      agent.chats(async () => ({ code, detail: "sk-ant-secret", usage }));
      expect(await answer()).toMatch(/\w{3}/);
    }
    agent.chats(async () => ({ code: "agentRefused", detail: "", usage }));
    expect(await answer()).toBe(TEXTS.rather);
    const asked = agent.calls.length;
    await shop.db.pool.query("update free_model_day set usd = 0.01");
    expect(await answer()).toMatch(/\w{3}/);
    expect(agent.calls).toHaveLength(asked);
    await real.close();
  });
});

describe("who is there", () => {
  test("watchers of two processes are counted together, and those of a killed one no more", async () => {
    const [one, two] = [watching(), watching()];
    await expect.poll(() => [one.count(), two.count()], SOON).toEqual([2, 2]);
    const other = await otherProcess(shop.db.url);
    await other.call({ path: "guests.come", args: [3] });
    await expect.poll(() => one.count(), SOON).toBe(5);
    await two.leave();
    await expect.poll(() => one.count(), SOON).toBe(4);
    await other.kill();
    await expect.poll(() => one.count(), SOON).toBe(1);
  });

  test("a process that was taken for dead counts again", async () => {
    const watcher = watching();
    await expect.poll(() => watcher.count(), SOON).toBe(1);
    await shop.db.pool.query("delete from workshop_presence");
    await shop.db.pool.query("select pg_notify('workshop', '{}')");
    await expect.poll(() => watcher.count(), SOON).toBe(0);
    await expect.poll(() => watcher.count(), SOON).toBe(1);
  });
});

describe("what is at work", () => {
  test("gamma while Timmy thinks of an answer, in whatever process", async () => {
    const watcher = watching();
    await inTheRoom(watcher);
    expect(watcher.state("gamma")).toMatchObject({ state: "idle" });
    const thought = held(DONE);
    agent.chats(() => thought.holding);
    const saying = say("What do you see?");
    for (const id of ["gamma", "timmy"]) await expect.poll(() => watcher.state(id)?.state, SOON).toBe("working");
    const later = watching();
    await expect.poll(() => later.state("gamma")?.state, SOON).toBe("working");
    thought.letGo();
    await saying;
    for (const id of ["gamma", "timmy"]) await expect.poll(() => watcher.state(id)?.state, SOON).toBe("idle");
  });

  test("alpha while a job is judged, beta while it is done, delta when its money comes; nothing tells of the job", async () => {
    const watcher = watching();
    await inTheRoom(watcher);
    const { jobs, invoices } = shop.services;
    const created = unwrap(await jobs.create({ request: "A secret haiku", clientKey: "me", pubkey: null }));
    await shop.payOutside(created.evalInvoice.paymentHash);
    unwrap(await invoices.lookUp(created.evalInvoice.paymentHash));
    for (const id of ["alpha", "delta", "timmy"])
      await expect.poll(() => watcher.state(id)?.state, SOON).toBe("working");
    await shop.work();
    await expect.poll(() => watcher.state("alpha")?.state, SOON).toBe("idle");
    const { workInvoice } = unwrap(await jobs.view(created.jobId));
    await shop.payOutside(workInvoice?.paymentHash ?? "");
    unwrap(await invoices.lookUp(workInvoice?.paymentHash ?? ""));
    await expect.poll(() => watcher.state("beta")?.state, SOON).toBe("working");
    await shop.work();
    for (const id of ["beta", "delta", "timmy"]) await expect.poll(() => watcher.state(id)?.state, SOON).toBe("idle");

    const types = () => watcher.moments().map(({ type }) => type);
    await expect.poll(types, SOON).toEqual(expect.arrayContaining(["job:paid", "job:done", "pool:credited"]));
    expect(watcher.moments()[0]).toEqual({ event: "world", type: "job:paid", count: 1, aboutSats: 10 });
    expect(watcher.notes()).toEqual(expect.arrayContaining(["alpha", "beta", "delta"]));
    const told = JSON.stringify(watcher.items);
    for (const secret of [created.jobId, created.refundToken, created.evalInvoice.paymentHash, "secret haiku"]) {
      expect(told).not.toContain(secret);
    }
  });

  test("alpha and beta at a session's request too, though no job tells of it", async () => {
    const { sessionId, bearer } = await openSession(shop);
    const watcher = watching();
    await inTheRoom(watcher);
    const [judging, doing] = [held({ verdict: "acceptable" as const, usage: DONE.usage }), held(DONE)];
    agent.judges(() => judging.holding);
    agent.works(() => doing.holding);
    const asked = shop.services.sessions.request(sessionId, bearer, { request: "A haiku", onceKey: null });
    await expect.poll(() => watcher.state("alpha")?.state, SOON).toBe("working");
    judging.letGo();
    await expect.poll(() => watcher.state("beta")?.state, SOON).toBe("working");
    await expect.poll(() => watcher.state("alpha")?.state, SOON).toBe("idle");
    doing.letGo();
    unwrap(await asked);
    await expect.poll(() => watcher.state("beta")?.state, SOON).toBe("idle");
    await expect.poll(() => watcher.moments().map(({ type }) => type), SOON).toContain("job:done");
  });

  test("what was under way when a house was closed is still, for whoever opens it", async () => {
    const { jobs, invoices } = shop.services;
    const created = unwrap(await jobs.create({ request: "[slow] work", clientKey: "me", pubkey: null }));
    await shop.payOutside(created.evalInvoice.paymentHash);
    unwrap(await invoices.lookUp(created.evalInvoice.paymentHash));
    const fresh = await workshop({ databaseUrl: shop.db.url });
    const watcher = watching(null, fresh);
    await expect.poll(() => watcher.state("alpha")?.state, SOON).toBe("working");
    await watcher.leave();
    await fresh.close();
    await shop.work();
  });
});

/** Stopped when the test ends, however it ends. */
async function ending(starting: Promise<OtherProcess>): Promise<OtherProcess & AsyncDisposable> {
  const other = await starting;
  return { ...other, [Symbol.asyncDispose]: () => other.stop() };
}
