/** English texts of the file that holds all that a browser keeps. */
export const exportTexts = {
  button: "Export what this browser keeps",
  note: "Your jobs, sessions and nodes with their keys, as JSON. Whoever has the file can spend and claim: keep it to yourself.",
} as const;
