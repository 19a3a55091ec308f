import type { NodePart } from "~/ports/node-provider";

/** What a visitor reads about a node. Money is never joked about. */
export const TEXTS = {
  /** What happens now, while a part is made. */
  making: {
    sshKey: "Registering your SSH key",
    authKey: "Preparing the private network",
    volume: "Creating the disk",
    server: "Creating the machine",
  } satisfies Record<NodePart, string>,
  awaitingAddress: "Waiting for the machine's address",
  begun: "The fee has arrived: your node is being set up",
  timedOut: "The node was not ready in time.",
  noAddress: "The machine got no address.",
  notMade: "The machine provider could not create the node.",
  brokenSetUp: "The machine failed to set itself up.",
  feeOwed: "The fee is owed back to you, for you to claim.",
  keyNote: {
    waiting: "The private key is given out once, the next time this order is read with its token. Keep it safe then.",
    taken: "The private key was given out once and is no longer kept here: whoever has it is the node's only owner.",
  },
  nextSteps: (nodeIp: string, lnbitsUrl: string): readonly string[] => [
    `Save the private key to a file that only you can read (chmod 600), and log in with it: ssh -i node-key root@${nodeIp}`,
    "Copy /root/node-credentials.txt to a safe place: it holds the wallet's seed and every password of the node.",
    "The blockchain is being downloaded, which takes 1 to 2 weeks. To see how far it is: bash /opt/timmy-node/ops.sh sync",
    "To see Lightning's state, once the chain is there: bash /opt/timmy-node/ops.sh lnd",
    `LNbits is at ${lnbitsUrl}; to see its state: bash /opt/timmy-node/ops.sh lnbits`,
    "To read all the logs: bash /opt/timmy-node/ops.sh logs",
  ],
} as const;
