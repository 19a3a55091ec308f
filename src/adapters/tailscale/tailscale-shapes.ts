import { z } from "zod";

/** What Tailscale's API v2 answers (https://tailscale.com/api), of each object what is used. */

/** POST /oauth/token: https://tailscale.com/kb/1215/oauth-clients */
export const AccessToken = z.object({ access_token: z.string().min(1), expires_in: z.number() });
/** POST /tailnet/{tailnet}/keys. The key itself is told here and never again. */
export const NewKey = z.object({ id: z.string().min(1), key: z.string().min(1) });
/** GET /tailnet/{tailnet}/keys. */
export const KeyList = z.object({
  keys: z.array(
    z.object({
      id: z.string().min(1),
      keyType: z.string().optional(),
      description: z.string().optional(),
      revoked: z.string().optional(),
      invalid: z.boolean().optional(),
    }),
  ),
});
/** GET /tailnet/{tailnet}/devices. `name` is the full name in the private network, `nodeId` the preferred identifier. */
export const DeviceList = z.object({
  devices: z.array(z.object({ nodeId: z.string().min(1), hostname: z.string(), name: z.string() })),
});
