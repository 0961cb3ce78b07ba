/** Until when a release of a distribution gets security updates. Days are YYYY-MM-DD, the last one included. */
export interface EndOfLife {
  readonly family: string;
  readonly release: string;
  readonly codename?: string;
  /** The end of what everybody gets. */
  readonly until: string;
  /** Support beyond it: from the same archive for everybody (`free`), or by subscription. */
  readonly extended?: { readonly name: string; readonly until: string; readonly free: boolean };
  /** The day when the dates were read; a later decision of the distribution is not in them. */
  readonly asOf: string;
}

/** Release, code name, end, end of extended support. */
type Row = readonly [release: string, codename: string, until: string, extended?: string];

interface Family {
  readonly asOf: string;
  readonly extended?: { readonly name: string; readonly free: boolean };
  readonly rows: readonly Row[];
}

/** By {@link OsRelease.family}. Distributions without releases have no row; of the others only dates that are settled. */
const families: Readonly<Record<string, Family>> = {
  debian: {
    asOf: "2026-04-25",
    extended: { name: "LTS", free: true },
    rows: [
      ["1.1", "buzz", "1997-06-05"],
      ["1.2", "rex", "1998-06-05"],
      ["1.3", "bo", "1999-03-09"],
      ["2.0", "hamm", "2000-03-09"],
      ["2.1", "slink", "2000-10-30"],
      ["2.2", "potato", "2003-06-30"],
      ["3.0", "woody", "2006-06-30"],
      ["3.1", "sarge", "2008-03-31"],
      ["4", "etch", "2010-02-15"],
      ["5", "lenny", "2012-02-06"],
      ["6", "squeeze", "2014-05-31", "2016-02-29"],
      ["7", "wheezy", "2016-04-25", "2018-05-31"],
      ["8", "jessie", "2018-06-17", "2020-06-30"],
      ["9", "stretch", "2020-07-18", "2022-06-30"],
      ["10", "buster", "2022-09-10", "2024-06-30"],
      ["11", "bullseye", "2024-08-14", "2026-08-31"],
      ["12", "bookworm", "2026-07-11", "2028-06-30"],
      ["13", "trixie", "2028-08-09", "2030-06-30"],
    ],
  },
  ubuntu: {
    asOf: "2026-04-25",
    extended: { name: "ESM", free: false },
    rows: [
      ["4.10", "warty", "2006-04-30"],
      ["5.04", "hoary", "2006-10-31"],
      ["5.10", "breezy", "2007-04-13"],
      ["6.06", "dapper", "2011-06-01"],
      ["6.10", "edgy", "2008-04-25"],
      ["7.04", "feisty", "2008-10-19"],
      ["7.10", "gutsy", "2009-04-18"],
      ["8.04", "hardy", "2013-05-09"],
      ["8.10", "intrepid", "2010-04-30"],
      ["9.04", "jaunty", "2010-10-23"],
      ["9.10", "karmic", "2011-04-30"],
      ["10.04", "lucid", "2015-04-30"],
      ["10.10", "maverick", "2012-04-10"],
      ["11.04", "natty", "2012-10-28"],
      ["11.10", "oneiric", "2013-05-09"],
      ["12.04", "precise", "2017-04-28", "2019-04-26"],
      ["12.10", "quantal", "2014-05-16"],
      ["13.04", "raring", "2014-01-27"],
      ["13.10", "saucy", "2014-07-17"],
      ["14.04", "trusty", "2019-04-25", "2024-04-25"],
      ["14.10", "utopic", "2015-07-23"],
      ["15.04", "vivid", "2016-02-04"],
      ["15.10", "wily", "2016-07-28"],
      ["16.04", "xenial", "2021-04-30", "2026-04-23"],
      ["16.10", "yakkety", "2017-07-20"],
      ["17.04", "zesty", "2018-01-13"],
      ["17.10", "artful", "2018-07-19"],
      ["18.04", "bionic", "2023-05-31", "2028-04-26"],
      ["18.10", "cosmic", "2019-07-18"],
      ["19.04", "disco", "2020-01-23"],
      ["19.10", "eoan", "2020-07-17"],
      ["20.04", "focal", "2025-05-29", "2030-04-23"],
      ["20.10", "groovy", "2021-07-22"],
      ["21.04", "hirsute", "2022-01-20"],
      ["21.10", "impish", "2022-07-14"],
      ["22.04", "jammy", "2027-06-01", "2032-04-21"],
      ["22.10", "kinetic", "2023-07-20"],
      ["23.04", "lunar", "2024-01-25"],
      ["23.10", "mantic", "2024-07-11"],
      ["24.04", "noble", "2029-05-31", "2034-04-25"],
      ["24.10", "oracular", "2025-07-10"],
      ["25.04", "plucky", "2026-01-15"],
      ["25.10", "questing", "2026-07-09"],
      ["26.04", "resolute", "2031-05-29", "2036-04-23"],
      ["26.10", "stonking", "2027-07-15"],
    ],
  },
  alpine: {
    asOf: "2025-12-31",
    rows: [
      ["3.6", "", "2019-05-01"],
      ["3.7", "", "2019-11-01"],
      ["3.8", "", "2020-05-01"],
      ["3.9", "", "2020-11-01"],
      ["3.10", "", "2021-05-01"],
      ["3.11", "", "2021-11-01"],
      ["3.12", "", "2022-05-01"],
      ["3.13", "", "2022-11-01"],
      ["3.14", "", "2023-05-01"],
      ["3.15", "", "2023-11-01"],
      ["3.16", "", "2024-05-23"],
      ["3.17", "", "2024-11-22"],
      ["3.18", "", "2025-05-09"],
      ["3.19", "", "2025-11-01"],
      ["3.20", "", "2026-04-01"],
      ["3.21", "", "2026-11-01"],
      ["3.22", "", "2027-05-01"],
    ],
  },
  rhel: {
    asOf: "2025-12-31",
    extended: { name: "ELS", free: false },
    rows: [
      ["5", "", "2017-03-31", "2020-11-30"],
      ["6", "", "2020-11-30", "2024-06-30"],
      ["7", "", "2024-06-30", "2028-06-30"],
      ["8", "", "2029-05-31"],
      ["9", "", "2032-05-31"],
      ["10", "", "2035-05-31"],
    ],
  },
  centos: {
    asOf: "2025-12-31",
    rows: [
      ["5", "", "2017-03-31"],
      ["6", "", "2020-11-30"],
      ["7", "", "2024-06-30"],
      ["8", "", "2021-12-31"],
    ],
  },
  "centos-stream": {
    asOf: "2025-12-31",
    rows: [
      ["8", "", "2024-05-31"],
      ["9", "", "2027-05-31"],
    ],
  },
  rocky: {
    asOf: "2025-12-31",
    rows: [
      ["8", "", "2029-05-31"],
      ["9", "", "2032-05-31"],
      ["10", "", "2035-05-31"],
    ],
  },
  almalinux: {
    asOf: "2025-12-31",
    rows: [
      ["8", "", "2029-03-01"],
      ["9", "", "2032-05-31"],
      ["10", "", "2035-05-31"],
    ],
  },
  oracle: {
    asOf: "2025-12-31",
    rows: [
      ["5", "", "2017-06-30"],
      ["6", "", "2021-03-31"],
      ["7", "", "2024-12-31"],
      ["8", "", "2029-07-31"],
      ["9", "", "2032-06-30"],
      ["10", "", "2035-06-30"],
    ],
  },
  amazon: {
    asOf: "2025-12-31",
    extended: { name: "maintenance", free: true },
    rows: [
      ["1", "", "2020-12-31", "2023-12-31"],
      ["2", "", "2026-06-30"],
      ["2023", "", "2027-06-30", "2029-06-30"],
    ],
  },
  sles: {
    asOf: "2025-12-31",
    extended: { name: "LTSS", free: false },
    rows: [
      ["12.5", "", "2024-10-31", "2027-10-31"],
      ["15", "", "2019-12-31", "2022-12-31"],
      ["15.1", "", "2021-01-31", "2024-01-31"],
      ["15.2", "", "2021-12-31", "2024-12-31"],
      ["15.3", "", "2022-12-31", "2025-12-31"],
      ["15.4", "", "2023-12-31", "2026-12-31"],
      ["15.5", "", "2024-12-31", "2027-12-31"],
      ["15.6", "", "2025-12-31", "2028-12-31"],
      ["15.7", "", "2031-07-31", "2034-07-31"],
    ],
  },
  "opensuse-leap": {
    asOf: "2025-12-31",
    rows: [
      ["15.3", "", "2022-12-31"],
      ["15.4", "", "2023-12-07"],
      ["15.5", "", "2024-12-31"],
      ["15.6", "", "2026-04-30"],
    ],
  },
  fedora: {
    asOf: "2025-12-31",
    rows: [
      ["36", "", "2023-05-16"],
      ["37", "", "2023-12-05"],
      ["38", "", "2024-05-21"],
      ["39", "", "2024-11-26"],
      ["40", "", "2025-05-13"],
    ],
  },
  photon: {
    asOf: "2025-12-31",
    rows: [
      ["1.0", "", "2022-02-28"],
      ["2.0", "", "2022-12-31"],
    ],
  },
  azurelinux: {
    asOf: "2025-12-31",
    rows: [
      ["1.0", "", "2023-07-31"],
      ["2.0", "", "2025-07-31"],
    ],
  },
};

function toEndOfLife(family: string, { asOf, extended }: Family, row: Row): EndOfLife {
  const [release, codename, until, later] = row;
  return {
    family,
    release,
    ...(codename && { codename }),
    until,
    ...(extended && later && { extended: { ...extended, until: later } }),
    asOf,
  };
}

/** All releases that the table knows of a family, oldest first; none for a family without releases. */
export function knownReleases(family: string): readonly EndOfLife[] {
  const known = Object.hasOwn(families, family) ? families[family] : undefined;
  return known?.rows.map((row) => toEndOfLife(family, known, row)) ?? [];
}

/** Undefined for a release that the table does not know, which says nothing about its support. */
export function endOfLifeOf(family: string, release: string): EndOfLife | undefined {
  return knownReleases(family).find((one) => one.release === release);
}

/** Whether a release is past its end on a day (YYYY-MM-DD); `subscribed`: its paid extended support counts too. */
export function isPastEnd({ until, extended }: EndOfLife, day: string, subscribed = false): boolean {
  return day > until && !(extended && (extended.free || subscribed) && day <= extended.until);
}
