import type { NodePart } from "~/ports/node-provider";

/** What a visitor reads about a node. Money is never joked about. */
export const TEXTS = {
  /** What happens now, while a part is made. */
  making: {
    sshKey: "Registering your SSH key",
    authKey: "Preparing the private network",
    volume: "Making the disk",
    server: "Making the machine",
  } satisfies Record<NodePart, string>,
  awaitingAddress: "Waiting for the machine's address",
  begun: "The fee has arrived: your node is being set up",
  timedOut: "The node was not ready in time.",
  noAddress: "The machine got no address.",
  notMade: "The machines' provider could not make the node.",
  brokenSetUp: "The machine could not set itself up.",
  feeOwed: "The fee is owed back to you, for you to claim.",
  keyNote: {
    waiting: "The private key is given out once, with the next reading of this order by its token. Keep it well then.",
    taken: "The private key was given out once and is not kept here any more: whoever has it is the node's only owner.",
  },
  nextSteps: (nodeIp: string, lnbitsUrl: string): readonly string[] => [
    `Save the private key to a file that only you can read (chmod 600), and log in with it: ssh -i node-key root@${nodeIp}`,
    "Copy /root/node-credentials.txt to a safe place: it holds the wallet's seed and every password of the node.",
    "The blockchain is being fetched, which takes 1 to 2 weeks. How far it is: bash /opt/timmy-node/ops.sh sync",
    "Lightning, once the chain is there: bash /opt/timmy-node/ops.sh lnd",
    `LNbits is at ${lnbitsUrl}; how it is doing: bash /opt/timmy-node/ops.sh lnbits`,
    "What it all has to say: bash /opt/timmy-node/ops.sh logs",
  ],
} as const;
