import { AppFailure } from "./failure";

/** A page of any site can have a browser call here; what only our own pages and programs may call asks who it was. */
export function refuseOtherSites(secFetchSite: string | null | undefined): void {
  if (secFetchSite === "cross-site" || secFetchSite === "same-site") throw new AppFailure({ code: "crossSiteRefused" });
}
