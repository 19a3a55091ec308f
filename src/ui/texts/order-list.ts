/** The lists of what was ordered from this browser: jobs, sessions, nodes. */
export const orderListTexts = {
  owed: (amount: string) => `${amount} to claim`,
  gone: "No longer there",
  forget: "Forget it",
  forgetOne: (name: string) => `Forget “${name}”`,
  unreached: "State unknown just now",
  more: (count: number) => `Show ${count} more`,
};
