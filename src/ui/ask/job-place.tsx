"use client";

import { createContext, useContext } from "react";

/** A place other than their own page where jobs are shown: how to show one there, and how to begin another. */
export type Place = { show: (jobId: string) => void; another: () => void };

const Context = createContext<Place | null>(null);
export const JobPlace = Context.Provider;
export const useJobPlace = (): Place | null => useContext(Context);
