import { adminProducers } from "./admin-producers";
import { bootstrapProducers } from "./bootstrap-producers";
import { identityProducers } from "./identity-producers";
import { jobProducers } from "./job-producers";
import { serverProducers } from "./server-producers";
import { sessionProducers } from "./session-producers";
import type { Stage } from "./stage";

/** Brings about the answers of one operation that only it has: its successes, and what only its own state refuses. */
export type Producer = (stage: Stage) => Promise<void>;

/** By `operationId`. A new endpoint needs one more here; what all endpoints have in common is asked `everywhere`. */
export const PRODUCERS: Readonly<Record<string, Producer>> = {
  ...serverProducers,
  ...jobProducers,
  ...identityProducers,
  ...sessionProducers,
  ...bootstrapProducers,
  ...adminProducers,
};
