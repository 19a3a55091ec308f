import type { IdentityService } from "./identity-service";

/** The handlers of the background queue. */
export const identityTasks = (identity: IdentityService) => ({
  /** Used proofs that would have expired by now need not be remembered. */
  "forget-used-proofs": () => identity.forgetUsedProofs(),
});
