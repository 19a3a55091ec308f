/** What stands around every page: its header and its foot. */
export const siteNav = {
  label: "Pages",
  menu: "Menu",
  close: "Close the menu",
  workshop: "Workshop",
  sessions: "Sessions",
  nodes: "Nodes",
  pool: "Pool",
  pricing: "Pricing",
  docs: "Docs",
} as const;
