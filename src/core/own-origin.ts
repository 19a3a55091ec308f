/**
 * The request header that tells a page our public origin. Our server sets it and ignores whatever a client sent there.
 */
export const OWN_ORIGIN_HEADER = "x-workshop-origin";
