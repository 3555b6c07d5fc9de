import { describe, expect, it } from "vitest";

import type { Column } from "../ipc/bindings";
import { readRows, sayCell, withCell } from "./rows";

const columns: Column[] = [
  { id: "name", label: "Name", kind: { type: "text" } },
  { id: "country", label: "Country", kind: { type: "country" } },
  { id: "link", label: "Privacy Notice Link", kind: { type: "link" } },
  { id: "evidence", label: "Evidence", kind: { type: "date" } },
  {
    id: "role",
    label: "Role",
    kind: { type: "choice", options: [{ id: "processor", label: "Processor" }] },
  },
];
const said = (text: string) =>
  readRows(text, columns).rows.map((cells) => columns.map((column) => sayCell(cells[column.id], column)));

describe("pasted rows", () => {
  it("are read cell by cell, in the order of the columns", () => {
    expect(said("AWS\tUK\thttps://aws.amazon.com\t04/07/2025\tprocessor\r\nLoom\tUS")).toEqual([
      ["AWS", "UK", "https://aws.amazon.com", "04/07/2025", "Processor"],
      ["Loom", "US", "", "", ""],
    ]);
  });
  it("lose a first line that repeats the heads, and empty lines", () => {
    expect(said("Name\tCountry\n\nAWS\tUK\n")).toEqual([["AWS", "UK", "", "", ""]]);
  });
  it("keep a link's words where the address is not there, and say that it is lost", () => {
    const [row] = readRows("FRAM\tEU\tPrivacy Policy FRAM", columns).rows;
    expect(row?.["link"]).toEqual({ type: "link", label: "Privacy Policy FRAM", address: null });
  });
  it("name what fits no column", () => {
    expect(readRows("AWS\tUK\t\tsoon\tgardener\textra", columns).misfits).toEqual([
      "soon",
      "gardener",
      "extra",
    ]);
  });
});

it("a cell that was emptied is taken out", () => {
  const row = { key: "1", cells: { name: { type: "text" as const, text: "AWS" } } };
  expect(withCell(row, "name", { type: "text", text: "" }).cells).toEqual({});
});
