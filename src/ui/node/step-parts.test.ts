import { expect, test } from "vitest";
import { TEXTS } from "~/modules/bootstrap/bootstrap-texts";
import { stepParts } from "./step-parts";

test("the commands of the next steps are found, and nothing of their words is lost", () => {
  const steps = TEXTS.nextSteps("192.0.2.7", "http://node.tailnet.example:5000");
  const parts = steps.map(stepParts);
  expect(parts.map(({ command }) => command)).toEqual([
    "ssh -i node-key root@192.0.2.7",
    null,
    "bash /opt/timmy-node/ops.sh sync",
    "bash /opt/timmy-node/ops.sh lnd",
    "bash /opt/timmy-node/ops.sh lnbits",
    "bash /opt/timmy-node/ops.sh logs",
  ]);
  expect(parts.map(({ words, command }) => (command ? `${words} ${command}` : words))).toEqual(steps);
});
