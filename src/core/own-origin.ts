/** The request header that tells a page by which origin the world knows us: set by our server, whatever a client sent. */
export const OWN_ORIGIN_HEADER = "x-workshop-origin";
