import { createContext, type ReactNode, useContext } from "react";
import type { FieldName, Problem } from "./problem";

/** The problem of the form that is around a field, if it has one. */
export const ProblemContext = createContext<Problem | undefined>(undefined);

/** The words to show beside the field. */
export function useFieldError(field: FieldName): ReactNode {
  const problem = useContext(ProblemContext);
  return problem?.field === field ? problem.text : undefined;
}
