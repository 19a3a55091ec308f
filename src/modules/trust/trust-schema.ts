import { z } from "zod";
import { TRUST_TIERS } from "./trust";

export const TrustTier = z.enum(TRUST_TIERS);
