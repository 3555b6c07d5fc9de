// The template's scales, looked up. Which pair has which level, and how it is drawn, comes from Rust.

import type { RiskPair, RiskScales, ScaleStep } from "../ipc/bindings";
import type { Keys, MeasureFields, RiskFields } from "../state/fields";

export function levelOf(
  scales: RiskScales,
  likelihood: string | null,
  severity: string | null,
): RiskPair | null {
  return scales.pairs.find((pair) => pair.likelihood === likelihood && pair.severity === severity) ?? null;
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
