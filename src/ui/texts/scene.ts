/** Who is in the room, what each does, and what each is doing. */
export const scene = {
  figures: "Who is in the workshop",
  close: "Close",
  now: "Just now",
  agents: {
    timmy: {
      name: "Timmy",
      role: "the wizard",
      does: "Takes what you ask and sees that it gets done, for a few sats.",
      idle: "Stroking his beard. Ask him for something.",
      working: "Busy with somebody's request.",
    },
    alpha: {
      name: "Alpha",
      role: "the judge",
      does: "Weighs each request, for the small fee: is it work that Timmy takes on? If so, it gets a price.",
      idle: "Watching the scales. Nothing is being judged.",
      working: "Judging a request.",
    },
    beta: {
      name: "Beta",
      role: "the worker",
      does: "Does the work once it is paid for, and charges no more than it really took.",
      idle: "Napping by the fire. Nothing is at work.",
      working: "Hammering out an answer.",
    },
    gamma: {
      name: "Gamma",
      role: "the seer",
      does: "Looks into the ball for Timmy when somebody in the room talks to him.",
      idle: "Hands folded. Say something to Timmy.",
      working: "Looking for an answer in the ball.",
    },
    delta: {
      name: "Delta",
      role: "the treasurer",
      does: "Keeps the money to the last sat. A share of each paid job goes into the jar, and pays for regulars.",
      idle: "Counting coins.",
      working: "Money is moving.",
    },
  },
};
