import fc from "fast-check";
import { rescue, runTasks, runTwice } from "./background-commands";
import { type Command, command } from "./command";
import { drain, judgedAtOnce, logIn, topUp } from "./identity-commands";
import { cancel, create, deleteText, oweAtOnce, strayInvoice } from "./order-commands";
import { letGo, outage, recovery, timePasses } from "./outside-commands";
import { flurry, forgedHint, hint, pay, payAgain, poll, sweep } from "./payment-commands";
import { askForCode, claim, claimInto, claimWithWrongToken, useCode } from "./refund-commands";
import {
  answerCame,
  ask,
  askAgain,
  askAndWait,
  askTogether,
  buyAnswer,
  close,
  fetchAnswer,
  lateAnswer,
  lateTopup,
  lookAtSession,
  openSession,
  processDies,
  reap,
  topUpSession,
} from "./session-commands";

/** The less of the others a counterexample has left, the clearer it is: every choice shrinks to it. */
const nothing = fc.constant(
  command(
    "nothing",
    () => true,
    async () => {},
  ),
);

const KINDS = {
  ...{ nothing, logIn, judgedAtOnce, topUp, drain, create, oweAtOnce, pay, payAgain, hint, forgedHint, poll, flurry },
  ...{ sweep, strayInvoice, runTasks, runTwice, rescue, cancel, deleteText, timePasses, outage, recovery, letGo },
  ...{ claim, claimInto, claimWithWrongToken, askForCode, useCode },
  ...{ openSession, ask, askTogether, askAgain, askAndWait, answerCame, processDies, reap, lateAnswer, topUpSession },
  ...{ lateTopup, lookAtSession, close, buyAnswer, fetchAnswer },
} satisfies Record<string, fc.Arbitrary<Command>>;
export type Kind = keyof typeof KINDS;
export type Weights = Partial<Record<Kind, number>>;

const ANY_LIFE: Weights = {
  ...{ nothing: 1, logIn: 8, topUp: 6, hint: 10, forgedHint: 1, sweep: 5, payAgain: 1, timePasses: 9 },
  ...{ outage: 2, recovery: 12, letGo: 8, claim: 16, claimWithWrongToken: 1, askForCode: 5, useCode: 8 },
};

/** What jobs go through, and so much of sessions that they get in each other's way. */
export const LIFE_OF_JOBS: Weights = {
  ...ANY_LIFE,
  ...{ judgedAtOnce: 12, drain: 6, create: 12, oweAtOnce: 6, pay: 24, poll: 6, flurry: 4, strayInvoice: 5 },
  ...{ runTasks: 36, runTwice: 4, rescue: 1, cancel: 7, deleteText: 2 },
};

/** What sessions go through, among jobs that share identities, budgets and the pool with them. What fits seldom weighs more. */
export const LIFE_OF_SESSIONS: Weights = {
  ...ANY_LIFE,
  ...{
    drain: 3,
    topUp: 40,
    letGo: 50,
    useCode: 30,
    judgedAtOnce: 6,
    oweAtOnce: 5,
    create: 2,
    pay: 16,
    runTasks: 45,
    cancel: 2,
  },
  ...{
    openSession: 24,
    ask: 20,
    askTogether: 8,
    askAgain: 14,
    askAndWait: 9,
    answerCame: 16,
    processDies: 10,
    reap: 40,
  },
  ...{ lateAnswer: 50, topUpSession: 20, lateTopup: 12, lookAtSession: 4, close: 9, buyAnswer: 9, fetchAnswer: 40 },
  ...{ claimInto: 16 },
};

/** One of each kind; of those that fit just now the dice picks one by their weights, so that no turn is lost. */
export function anyCommand(weights: Weights, ran: (kind: Kind) => void): fc.Arbitrary<Command> {
  const kinds = Object.keys(weights) as Kind[];
  return fc
    .tuple(fc.noBias(fc.nat({ max: 999_999 })), fc.tuple(...kinds.map((kind) => KINDS[kind])))
    .map(([dice, commands]) => {
      const lots = kinds.flatMap((kind, n) => {
        const of = commands[n];
        return of ? [{ kind, of, weight: weights[kind] ?? 0 }] : [];
      });
      return oneThatFits(dice, lots, ran);
    });
}

type Lot = { kind: Kind; of: Command; weight: number };

function oneThatFits(dice: number, all: readonly Lot[], ran: (kind: Kind) => void): Command {
  let done: Command | undefined;
  return {
    check: () => true,
    toString: () => String(done ?? "not run"),
    async run(model, world) {
      const fitting = all.filter(({ of }) => of.check(model));
      const lots = fitting.flatMap((lot) => Array.from({ length: lot.weight }, () => lot));
      const drawn = lots[Math.floor((dice / 1_000_000) * lots.length)];
      if (!drawn) return;
      done = drawn.of;
      await drawn.of.run(model, world);
      ran(drawn.kind);
    },
  };
}
