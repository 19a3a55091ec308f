import { texts } from "~/ui/texts";

const t = texts.siteNav;

/** The pages besides the workshop, in the order in which menus show them. */
export const PAGES = [
  { href: "/sessions", name: t.sessions },
  { href: "/bootstrap", name: t.nodes },
  { href: "/pool", name: t.pool },
  { href: "/pricing", name: t.pricing },
  { href: "/docs", name: t.docs },
] as const;
