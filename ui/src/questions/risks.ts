// Looking up the template's scales. The matrix is data: nothing here decides what is high.

import type { RiskScales, ScaleStep } from "../ipc/bindings";
import type { Keys, MeasureFields, RiskFields } from "../state/fields";

export function levelOf(
  scales: RiskScales,
  likelihood: string | null,
  severity: string | null,
): ScaleStep | null {
  const column = scales.likelihood.findIndex((step) => step.id === likelihood);
  const row = scales.severity.findIndex((step) => step.id === severity);
  const level = scales.matrix[row]?.[column];
  return scales.levels.find((step) => step.id === level) ?? null;
}

export type Tone = "low" | "medium" | "high";

/** How strongly a level is drawn: the highest step of the scale, the lowest, or between. */
export function toneOf(scales: RiskScales, level: ScaleStep): Tone {
  const place = scales.levels.findIndex((step) => step.id === level.id);
  if (place === scales.levels.length - 1) return "high";
  return place === 0 ? "low" : "medium";
}

export function labelOf(steps: ScaleStep[], id: string | null): string {
  return steps.find((step) => step.id === id)?.label ?? "Not placed";
}

export function makeRisk(keys: Keys): RiskFields {
  return {
    key: keys.fresh(),
    source: "",
    harm: "",
    likelihood: null,
    severity: null,
    measures: [],
    residual_likelihood: null,
    residual_severity: null,
    is_approved: null,
  };
}

export function makeMeasure(keys: Keys): MeasureFields {
  return { key: keys.fresh(), description: "", owner: "", due: "", effect: null };
}

export const effects = [
  { id: "eliminated", label: "Eliminated" },
  { id: "reduced", label: "Reduced" },
  { id: "accepted", label: "Accepted" },
] as const;
