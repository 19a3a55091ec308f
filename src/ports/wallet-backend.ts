/** What stands behind the wallet, as far as its server lets it be seen; null is what cannot be told. */
export type WalletBackend = {
  /** Whether our key may pay. */
  mayPay: boolean | null;
  node: {
    synced: boolean | null;
    blockHeight: number | null;
    activeChannels: number | null;
    peers: number | null;
  } | null;
};

/** For the operator's page. Never fails: what does not answer is null. */
export type LookBehindWallet = () => Promise<WalletBackend>;
