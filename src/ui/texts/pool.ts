/** The generosity pool, for everybody to see. */
export const poolTexts = {
  pageTitle: "The generosity pool",
  heading: "The generosity pool",
  lead: (pct: string) =>
    `${pct} % of what visitors are charged for work flows in here. Whoever has earned trust gets work from it, free or cheaper.`,
  leadUnknown:
    "A share of what visitors are charged for work flows in here. Whoever has earned trust gets work from it, free or cheaper.",
  balance: "Ready to be given",
  reserved: (amount: string) => `${amount} more are set aside for work that is under way.`,
  loading: "Looking into the jar…",
  failed: "The pool cannot be read just now. Retrying by itself.",
  chart: {
    heading: "What came and went",
    ranges: "How far back",
    range: (days: number) => `${days} days`,
    balance: "Balance at the end of each day, in sats",
    flows: "In and out on each day, in sats",
    legendIn: "In: shares of paid work",
    legendCommitted: "In: put in by us",
    legendOut: "Out: given for work",
    summary: (first: string, last: string, credited: string, committed: string, granted: string) =>
      `From ${first} to ${last}: ${credited} flowed in from paid work, ${committed} were put in by us, ${granted} were given.`,
    dayTitle: (day: string, credited: string, committed: string, granted: string) =>
      `${day}: ${credited} from paid work, ${committed} put in, ${granted} given`,
    table: "The same as a table",
    columns: {
      day: "Day (UTC)",
      credited: "From paid work",
      committed: "Put in by us",
      granted: "Given",
      balance: "Balance",
    },
  },
  budgets: {
    heading: "Who gets how much",
    text: "Free work a day, by trust. Over a lifetime nobody gets more than they were charged for work.",
    sats: (amount: string) => `${amount} a day`,
    none: "nothing yet",
  },
  grants: {
    heading: "What was given",
    text: "Each gift with its day and amount. To whom and for what is nobody's business.",
    empty: "Nothing has been given yet. It begins with whoever comes back.",
    more: "Show older ones",
    columns: { day: "Day (UTC)", amount: "Amount" },
  },
} as const;
