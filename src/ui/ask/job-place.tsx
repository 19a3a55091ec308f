"use client";

import { createContext, useContext } from "react";

/** Where jobs are shown, where that is not a page of their own: how to show one, and how to begin another. */
export type Place = { show: (jobId: string) => void; another: () => void };

const Context = createContext<Place | null>(null);
export const JobPlace = Context.Provider;
export const useJobPlace = (): Place | null => useContext(Context);
