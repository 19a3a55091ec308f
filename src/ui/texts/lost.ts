/** What error pages say. In a file of their own, since every page loads them. */
export const lost = {
  pageTitle: "Not here",
  page: {
    heading: "No such door",
    text: "There is nothing at this address. The link may have been cut short when it was copied.",
  },
  job: {
    heading: "No such job",
    text: "Nobody here knows a job by that number. The link may have been cut short when it was copied.",
  },
  session: {
    heading: "No such session",
    text: "Nobody here knows a session by that number, or the keys do not belong to it.",
  },
  error: {
    heading: "The candle went out",
    text: "Something went wrong on this page. No money moved because of it, and your jobs are where they were.",
  },
  home: "Back to the workshop",
  again: "Try again",
} as const;
