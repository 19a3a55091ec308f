/** What a visitor reads about a failure. Money is never joked about. */
export const TEXTS = {
  judgeFailed: "Your request could not be judged. It cost nothing.",
  workTimedOut: "The work was not finished in time. It cost nothing.",
  workRefused: "The model declined this work. It cost nothing.",
  workEmpty: "The model gave no answer. It cost nothing.",
  workBrokenOff: "The model's answer broke off. It cost nothing.",
  interrupted: "The server was stopped in the middle of it. It cost nothing: ask again.",
  ours: "Something went wrong on our side. It cost nothing.",
} as const;
