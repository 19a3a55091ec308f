import type { IdentityService } from "./identity-service";

/** The handlers of the background queue. */
export const identityTasks = (identity: IdentityService) => ({
  /** What was good once and is too old by now need not be remembered. */
  "forget-used-proofs": () => identity.forgetUsedProofs(),
});
