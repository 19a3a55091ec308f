/** What a visitor reads about a failure. Money is never joked about. */
export const TEXTS = {
  judgeFailed: "Your request could not be judged. The eval fee is owed back to you, for you to claim.",
  workTimedOut: "The work was not finished in time. What you paid for it is owed back to you, for you to claim.",
  workRefused: "The model declined this work. What you paid for it is owed back to you, for you to claim.",
  workEmpty: "The model gave no answer. What you paid for the work is owed back to you, for you to claim.",
} as const;
