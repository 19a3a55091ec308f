import fc from "fast-check";
import { rescue, runTasks, runTwice } from "./background-commands";
import { type Command, command } from "./command";
import { drain, judgedAtOnce, logIn, topUp } from "./identity-commands";
import { cancel, create, deleteText, oweAtOnce, strayInvoice } from "./order-commands";
import { letGo, outage, recovery, timePasses } from "./outside-commands";
import { flurry, forgedHint, hint, pay, payAgain, poll, sweep } from "./payment-commands";
import { askForCode, claim, claimWithWrongToken, useCode } from "./refund-commands";

/** The less of the others a counterexample has left, the clearer it is: every choice shrinks to it. */
const nothing = fc.constant(
  command(
    "nothing",
    () => true,
    async () => {},
  ),
);

const KINDS: readonly { of: fc.Arbitrary<Command>; weight: number }[] = [
  { of: nothing, weight: 1 },
  { of: logIn, weight: 8 },
  { of: judgedAtOnce, weight: 12 },
  { of: topUp, weight: 6 },
  { of: drain, weight: 6 },
  { of: create, weight: 12 },
  { of: oweAtOnce, weight: 6 },
  { of: pay, weight: 24 },
  { of: payAgain, weight: 1 },
  { of: hint, weight: 10 },
  { of: forgedHint, weight: 1 },
  { of: poll, weight: 6 },
  { of: flurry, weight: 4 },
  { of: sweep, weight: 5 },
  { of: strayInvoice, weight: 5 },
  { of: runTasks, weight: 36 },
  { of: runTwice, weight: 4 },
  { of: rescue, weight: 1 },
  { of: cancel, weight: 7 },
  { of: deleteText, weight: 2 },
  { of: timePasses, weight: 9 },
  { of: outage, weight: 2 },
  { of: recovery, weight: 12 },
  { of: letGo, weight: 8 },
  { of: claim, weight: 16 },
  { of: claimWithWrongToken, weight: 1 },
  { of: askForCode, weight: 5 },
  { of: useCode, weight: 8 },
];

/** One of each kind; of those that fit just now the dice picks one by their weights, so that no turn is lost. */
export const anyCommand: fc.Arbitrary<Command> = fc
  .tuple(fc.noBias(fc.nat({ max: 999_999 })), fc.tuple(...KINDS.map(({ of }) => of)))
  .map(([dice, commands]) => oneThatFits(dice, commands));

function oneThatFits(dice: number, commands: readonly Command[]): Command {
  let done: Command | undefined;
  return {
    check: () => true,
    toString: () => String(done ?? "not run"),
    async run(model, world) {
      const fitting = KINDS.flatMap(({ weight }, n) => {
        const candidate = commands[n];
        return candidate?.check(model) ? [{ candidate, weight }] : [];
      });
      const lots = fitting.flatMap(({ candidate, weight }) => Array.from({ length: weight }, () => candidate));
      done = lots[Math.floor((dice / 1_000_000) * lots.length)];
      await done?.run(model, world);
    },
  };
}
