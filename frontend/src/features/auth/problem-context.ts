import { createContext, type ReactNode, useContext } from "react";
import type { FieldName, Problem } from "./problem";

/** What is wrong with the form around, if anything is. */
export const ProblemContext = createContext<Problem | undefined>(undefined);

/** The words that belong beside the field. */
export function useFieldError(field: FieldName): ReactNode {
  const problem = useContext(ProblemContext);
  return problem?.field === field ? problem.text : undefined;
}
