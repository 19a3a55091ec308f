const FIELD = "refund";
/** HMACs in hex or base64url: nothing else is taken from a link. */
const TOKEN = /^[\w-]{16,200}$/;

/** The refund key that a link carries in its fragment, which no browser sends to a server. */
export function refundKeyIn(fragment: string): string | null {
  const given = new URLSearchParams(fragment.replace(/^#/, "")).get(FIELD);
  return given !== null && TOKEN.test(given) ? given : null;
}

export const linkTo = (origin: string, jobId: string): string => `${origin}/jobs/${jobId}`;

/** A link that lets whoever has it claim the job's change. Made only when asked for. */
export const linkWithRefundKey = (origin: string, jobId: string, refundToken: string): string =>
  `${linkTo(origin, jobId)}#${FIELD}=${refundToken}`;
