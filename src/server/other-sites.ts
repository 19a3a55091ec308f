import { AppFailure } from "./failure";

/**
 * A page of any site can have a browser call here; so what is reserved for our own pages and programs checks who
 * called.
 */
export function refuseOtherSites(secFetchSite: string | null | undefined): void {
  if (secFetchSite === "cross-site" || secFetchSite === "same-site") throw new AppFailure({ code: "crossSiteRefused" });
}
