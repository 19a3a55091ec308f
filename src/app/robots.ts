import type { MetadataRoute } from "next";

// Order pages say noindex themselves, which a crawler must be able to read: only the API is closed to it.
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: "*", disallow: "/api/" } };
}
