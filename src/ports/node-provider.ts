import type { Result } from "~/core/result";

/**
 * By this everything that belongs to one order's node is found again after a crash: names derive from the id, the
 * fingerprint from the key. Both are kept with the order before anything is made for it.
 */
export type NodeOrder = {
  /** A UUID in lower case. */
  orderId: string;
  /** In OpenSSH's format: `ssh-rsa AAAA…`. */
  publicKey: string;
};

/** `privateKeyPem`: PKCS#1 PEM, a secret. */
export type SshKeyPair = { publicKey: string; privateKeyPem: string };
/** RSA of 4096 bits, made in this process: takes seconds, on a thread of its own. */
export type MakeSshKeyPair = () => Promise<SshKeyPair>;

/**
 * What a node is made of, outside.
 * `sshKey`: the public key, known to the provider. `authKey`: lets one machine into the private network, once, within
 * six hours. `volume`: a disk of its own. `server`: the machine, which sets itself up.
 */
export type NodePart = "sshKey" | "authKey" | "volume" | "server";

/**
 * Why a step failed. With `retryAfterSeconds` it is worth another try after that time, for as long as the order's own
 * limit allows; without, another try would say the same. Each `detail` is for the log: no secret, no address, but
 * words of the provider's. Never shown to a visitor.
 */
export type NodeProviderFailure =
  | { code: "providerRateLimited"; retryAfterSeconds: number; detail: string }
  /** No connection, timeout, 5xx or nonsense: it may have been done all the same. */
  | { code: "providerUnreachable"; retryAfterSeconds: number; detail: string }
  /** Something that was begun earlier has to end first. */
  | { code: "providerBusy"; retryAfterSeconds: number; detail: string }
  /** The account may not have any more of this. */
  | { code: "providerQuota"; detail: string }
  /** Credentials or settings that are not accepted. */
  | { code: "providerRefused"; detail: string }
  /** What the step builds on is gone. */
  | { code: "providerNotFound"; detail: string };

/** What earlier steps produced. */
export type Given = {
  /**
   * When the last try to make this part began, as recorded before it was sent; null before the first. What was sent may
   * still arrive: soon after it, not to be found is no proof that it is not there.
   */
  triedAt: Date | null;
  /** The secret of the part `authKey`; for the server. */
  authKey: string | null;
  /** The id of the part `volume`; for the server. */
  volumeId: string | null;
};

/** `id`: the provider's, for the record. `secret`: of an auth key, shown only once; null for everything else. */
export type MadePart = { id: string; secret: string | null };

/**
 * How far a machine is in setting itself up. `starting`: what it does now, in words for the visitor. `failed`: by its
 * own account, and for good; the words are for the log.
 */
export type NodeHealth =
  | { state: "starting"; stage: string }
  | {
      state: "healthy";
      /** Its full name in the private network; null where there is none. */
      tailscaleHostname: string | null;
      /** Where its LNbits answers: in the private network, else on the machine itself (through SSH). */
      lnbitsUrl: string;
    }
  | { state: "failed"; detail: string };

/**
 * Whoever rents out machines. Every step can be repeated at any time and by any process: `make` looks for what is there
 * before it makes anything, so that there is at most one of each part for an order, and `remove` is content when there
 * is nothing. A caller records each step before (with the time) and after (with the id), and runs one step of an order
 * at a time. Every adapter passes `testing/node-provider-contract`.
 */
export type NodeProvider = {
  readonly kind: "digitalocean" | "simulated";
  /** The parts of its nodes, in the order in which they are made; removed in reverse. */
  readonly parts: readonly NodePart[];
  /**
   * Makes one part, or finds the one that is there. An auth key whose secret was lost is revoked and replaced, so its
   * secret has to be kept, encrypted, until the server is made; after that nobody needs it.
   */
  make(part: NodePart, order: NodeOrder, given: Given): Promise<Result<MadePart, NodeProviderFailure>>;
  /** The server's public IPv4 address; null while it has none yet. */
  findAddress(serverId: string): Promise<Result<{ ip: string } | null, NodeProviderFailure>>;
  /** Asks the machine itself. One that does not answer yet is `starting`; one that is no more, `providerNotFound`. */
  checkHealth(
    order: NodeOrder,
    server: { serverId: string; ip: string },
  ): Promise<Result<NodeHealth, NodeProviderFailure>>;
  /**
   * Removes one part: the one with the recorded id, if any, and whatever else carries the order's name. Once it says
   * ok, nothing of that part is left or will appear. `triedAt` as for `make`.
   */
  remove(
    part: NodePart,
    order: NodeOrder,
    made: { id: string | null; triedAt: Date | null },
  ): Promise<Result<null, NodeProviderFailure>>;
};
