// Rows of a table as they are typed and pasted.

import type { Column, TypedCell } from "../ipc/bindings";
import type { RowFields } from "../state/fields";

type Cells = RowFields["cells"];

export function isEmptyCell(cell: TypedCell | undefined): boolean {
  if (!cell) return true;
  switch (cell.type) {
    case "text":
      return cell.text === "";
    case "link":
      return cell.label === "" && (cell.address ?? "") === "";
    case "day":
      return cell.day === "";
    case "choice":
      return false;
  }
}

/** The cell in words, as the table shows it. */
export function sayCell(cell: TypedCell | undefined, column: Column): string {
  if (!cell) return "";
  switch (cell.type) {
    case "text":
      return cell.text;
    case "link":
      return cell.label || (cell.address ?? "");
    case "day":
      return cell.day;
    case "choice": {
      const options = column.kind.type === "choice" ? column.kind.options : [];
      return options.find((option) => option.id === cell.option)?.label ?? cell.option;
    }
  }
}

/** The row with this cell; an empty cell is left out. */
export function withCell(row: RowFields, column: string, cell: TypedCell | undefined): RowFields {
  const others = Object.entries(row.cells).filter(([id]) => id !== column);
  const kept = cell === undefined || isEmptyCell(cell) ? [] : [[column, cell] as const];
  return { ...row, cells: Object.fromEntries([...others, ...kept]) };
}

/** A pasted word as the cell of its column; null where it does not fit. */
function readCell(text: string, column: Column): TypedCell | null {
  switch (column.kind.type) {
    case "text":
    case "country":
      return { type: "text", text };
    case "link":
      return /^(https?:\/\/|mailto:)/i.test(text)
        ? { type: "link", label: text, address: text }
        : { type: "link", label: text, address: null };
    case "date":
      // Whether the calendar has that day is for Rust to say.
      return /^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$/.test(text) ? { type: "day", day: text } : null;
    case "choice": {
      const found = column.kind.options.find((option) => option.label.toLowerCase() === text.toLowerCase());
      return found ? { type: "choice", option: found.id } : null;
    }
  }
}

export type Pasted = { rows: Cells[]; misfits: string[] };

/**
 * Reads rows as spreadsheets copy them: a line a row, cells apart by tabs, in the order of the columns. A first line
 * that repeats the columns' names is left out. What fits no column is shown, not dropped in silence.
 */
export function readRows(text: string, columns: Column[]): Pasted {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const [first] = lines;
  const isHead = first
    ?.split("\t")
    .every((cell, index) => cell.trim().toLowerCase() === columns[index]?.label.trim().toLowerCase());
  const pasted: Pasted = { rows: [], misfits: [] };
  for (const line of isHead ? lines.slice(1) : lines) {
    const cells: Cells = {};
    line.split("\t").forEach((raw, index) => {
      const words = raw.trim();
      if (words === "") return;
      const column = columns[index];
      const cell = column && readCell(words, column);
      if (column && cell) cells[column.id] = cell;
      else pasted.misfits.push(words);
    });
    if (Object.keys(cells).length > 0) pasted.rows.push(cells);
  }
  return pasted;
}
