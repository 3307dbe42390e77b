/** The people of the demo: always the same ones, under domains that nobody can own (RFC 2606). */

export interface Person {
  /** From 1. */
  readonly number: number;
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  readonly title: string;
  readonly department: string;
  readonly employeeNumber: string;
  readonly mobile: string;
  /** The id in the identity provider. */
  readonly externalId: string;
}

export interface Directory {
  readonly domain: string;
  readonly firstNumber: number;
  readonly size: number;
  /** Teams, between which the people are spread evenly; a person's department is named as the team. */
  readonly departments: readonly string[];
  readonly externalId: (number: number) => string;
}

const GIVEN_NAMES = [
  ...['Ada', 'Alan', 'Amara', 'Anders', 'Ayesha', 'Björn', 'Carlos', 'Chloé', 'Daniela', 'David'],
  ...['Elif', 'Emma', 'Fatima', 'François', 'Grace', 'Hana', 'Ibrahim', 'Ingrid', 'Jamal', 'José'],
  ...['Keiko', 'Lars', 'Leïla', 'Linus', 'Mei', 'Miguel', 'Nadia', 'Noah', 'Olga', 'Priya'],
  ...['Quentin', 'Rosa', 'Samuel', 'Sofía', 'Tariq', 'Uma', 'Viktor', 'Wanjiru', 'Yusuf', 'Zoë'],
];
const FAMILY_NAMES = [
  ...['Abebe', 'Ahmed', 'Almeida', 'Andersson', 'Bauer', 'Bianchi', 'Byron', 'Castro', 'Chen', 'Costa'],
  ...['Diallo', 'Dubois', 'Eriksen', 'Farouk', 'Fischer', 'García', 'Gupta', 'Haddad', 'Hansen', 'Hopper'],
  ...['Ito', 'Ivanova', 'Jansen', 'Johnson', 'Kaya', 'Kim', 'Kovács', 'Kumar', 'Lefèvre', 'Lindqvist'],
  ...['Lopez', 'Mbeki', 'Meyer', 'Müller', 'Nakamura', 'Nguyễn', 'Novák', "O'Connor", 'Okafor', 'Öztürk'],
  ...['Patel', 'Petrova', 'Rossi', 'Santos', 'Schmidt', 'Singh', 'Smith', 'Tanaka', 'Turing', 'Weber'],
];
const TITLES = ['Analyst', 'Engineer', 'Senior Engineer', 'Researcher', 'Manager'];

export function makePeople(directory: Directory): readonly Person[] {
  return Array.from({ length: directory.size }, (_, index) =>
    makePerson(directory, directory.firstNumber + index),
  );
}

/** 40 given and 50 family names, stepped through by numbers prime to both: 200 people of different names. */
function makePerson({ domain, departments, externalId }: Directory, number: number): Person {
  const givenName = pick(GIVEN_NAMES, number * 7);
  const familyName = pick(FAMILY_NAMES, number * 11);
  return {
    number,
    userName: `${toAscii(givenName)}.${toAscii(familyName)}@${domain}`,
    givenName,
    familyName,
    displayName: `${givenName} ${familyName}`,
    title: pick(TITLES, number),
    department: pick(departments, number),
    employeeNumber: `E${String(number).padStart(4, '0')}`,
    mobile: `+1 555 01${String(number % 100).padStart(2, '0')}`,
    externalId: externalId(number),
  };
}

/** The lists are constants, none of them empty. */
const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

const toAscii = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
