import { describe, expect, it } from "vitest";

import { countOf, sayDate, sayDistance, shortenAddress, writeDate } from "./words";

describe("a date", () => {
  it("is written and said the UK way", () => {
    expect(writeDate("2025-07-04")).toBe("04/07/2025");
    expect(sayDate("2025-07-04")).toBe("4 July 2025");
  });
  it("has its distance said when it is past or near", () => {
    const now = new Date("2026-11-22T12:00:00");
    expect(sayDistance("2026-05-06", now)).toBe("7 months ago");
    expect(sayDistance("2026-12-08", now)).toBe("in 16 days");
    expect(sayDistance("2027-03-20", now)).toBeNull();
  });
});

describe("words", () => {
  it("count one and many", () => {
    expect([countOf(1, "recipient"), countOf(0, "recipient"), countOf(2, "entry", "entries")]).toEqual([
      "1 recipient",
      "0 recipients",
      "2 entries",
    ]);
  });
  it("shorten an address in its middle only", () => {
    expect(shortenAddress("https://www.thinkific.com/dpa/")).toBe("thinkific.com/dpa");
    const short = shortenAddress(
      "https://docs.aws.amazon.com/whitepapers/latest/navigating-gdpr-compliance/aws-data-processing-addendum-dpa.html",
    );
    expect(short).toMatch(/^docs\.aws\.amazon\.com\/….*-dpa\.html$/);
    expect(short.length).toBeLessThanOrEqual(46);
  });
});
