// What is in the fields of a question: the answer that Rust gave, or what was typed over it. A row goes by a key here, and by
// its id in Rust, which gives it one when the row is saved first.

import type {
  Cell,
  Content,
  Measure,
  Risk,
  Row,
  Typed,
  TypedCell,
  TypedMeasure,
  TypedRisk,
} from "../ipc/bindings";
import { writeDate } from "./words";

export type RowFields = { key: string; cells: Record<string, TypedCell> };
export type MeasureFields = Omit<TypedMeasure, "id"> & { key: string };
export type RiskFields = Omit<TypedRisk, "id" | "measures"> & { key: string; measures: MeasureFields[] };

/** What was typed into the fields of a question. */
export type Fields =
  | Exclude<Typed, { type: "rows" } | { type: "risks" }>
  | { type: "rows"; rows: RowFields[] }
  | { type: "risks"; risks: RiskFields[] };

/** The keys of rows, risks and measures. A new one keeps its key on the screen for as long as the assessment is open. */
export class Keys {
  #count = 0;
  readonly #ids = new Map<string, string>();
  readonly #keys = new Map<string, string>();

  fresh(): string {
    this.#count += 1;
    return `new ${this.#count}`;
  }
  /** The id that Rust knows it by; null where it was never saved. */
  idOf(key: string): string | null {
    return key.startsWith("new ") ? (this.#ids.get(key) ?? null) : key;
  }
  keyOf(id: string): string {
    return this.#keys.get(id) ?? id;
  }
  /** Rust gave these their ids, in this order. */
  learn(keys: string[], ids: string[]): void {
    keys.forEach((key, place) => {
      const id = ids[place];
      if (id === undefined) return;
      this.#ids.set(key, id);
      this.#keys.set(id, key);
    });
  }
}

const typeCell = (cell: Cell): TypedCell =>
  cell.type === "date" ? { type: "day", day: writeDate(cell.date) } : cell;

export function rowsOf(content: Content, keys: Keys): RowFields[] {
  if (content.state !== "answered" || content.value.type !== "table") return [];
  return content.value.rows.map((row: Row) => ({
    key: keys.keyOf(row.id),
    cells: Object.fromEntries(Object.entries(row.cells).map(([column, cell]) => [column, typeCell(cell)])),
  }));
}

export function risksOf(content: Content, keys: Keys): RiskFields[] {
  if (content.state !== "answered" || content.value.type !== "risks") return [];
  const measure = ({ id, due, ...rest }: Measure): MeasureFields => ({
    ...rest,
    key: keys.keyOf(id),
    due: due ? writeDate(due) : "",
  });
  return content.value.risks.map(({ id, measures, ...rest }: Risk) => ({
    ...rest,
    key: keys.keyOf(id),
    measures: measures.map(measure),
  }));
}

/** What goes to Rust, and the keys of what has no id yet, in the order in which Rust gives the ids. */
export function toTyped(fields: Fields, keys: Keys): { typed: Typed; fresh: string[] } {
  const fresh: string[] = [];
  const idOf = (key: string): string | null => {
    const id = keys.idOf(key);
    if (id === null) fresh.push(key);
    return id;
  };
  switch (fields.type) {
    case "rows":
      return {
        typed: { type: "rows", rows: fields.rows.map(({ key, cells }) => ({ id: idOf(key), cells })) },
        fresh,
      };
    case "risks": {
      const measure = ({ key, ...rest }: MeasureFields): TypedMeasure => ({ id: idOf(key), ...rest });
      const risk = ({ key, measures, ...rest }: RiskFields): TypedRisk => ({
        id: idOf(key),
        ...rest,
        measures: measures.map(measure),
      });
      return { typed: { type: "risks", risks: fields.risks.map(risk) }, fresh };
    }
    default:
      return { typed: fields, fresh };
  }
}

/** The fields of what was typed before the program ended. */
export function toFields(typed: Typed, keys: Keys): Fields {
  const keyOf = (id: string | null): string => (id === null ? keys.fresh() : keys.keyOf(id));
  switch (typed.type) {
    case "rows":
      return {
        type: "rows",
        rows: typed.rows.map(({ id, cells }) => ({ key: keyOf(id), cells: cells as RowFields["cells"] })),
      };
    case "risks":
      return {
        type: "risks",
        risks: typed.risks.map(({ id, measures, ...rest }) => ({
          ...rest,
          key: keyOf(id),
          measures: measures.map(({ id: measure, ...fields }) => ({ ...fields, key: keyOf(measure) })),
        })),
      };
    default:
      return typed;
  }
}
