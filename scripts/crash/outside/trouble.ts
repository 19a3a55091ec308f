/** What goes wrong with one attempt to pay, by order of the driver. */
export const PAY_TROUBLES = [
  /** It is paid, and the answer is lost. */
  "actsThenSilent",
  /** The request never arrives, and nobody says so. */
  "lost",
  /** The request arrives after its caller gave up; until then the wallet knows of nothing. */
  "late",
  /** The wallet has it, and takes its time. */
  "pending",
  /** The wallet says that it cannot be paid. */
  "fails",
  /** The wallet says that it did not try. */
  "notSent",
] as const;
export type PayTrouble = (typeof PAY_TROUBLES)[number];

/** What is the matter with a machine that was made. */
export const NODE_TROUBLES = [
  /** It takes its time. */
  "starting",
  /** It says that it cannot be set up. */
  "broken",
] as const;

/** Half of the invoices are paid by the dev route from our own wallet, as LNbits does without a payer of its own. */
export const paysFromOwnWallet = (paymentHash: string): boolean => paymentHash < "8";
