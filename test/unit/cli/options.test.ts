import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/cli/failure.js';
import { parseOptions, parsePositiveInteger } from '../../../src/cli/options.js';

const OPTIONS = {
  connection: { type: 'string', placeholder: 'NAME', help: '', isRequired: true },
  kind: { type: 'string', placeholder: 'KIND', help: '', choices: ['bearer', 'client-secret'] },
  protected: { type: 'boolean', help: '' },
} as const;

const parse = (...args: string[]) => parseOptions(OPTIONS, [], args);

describe('options of a command', () => {
  it('are values, and flags that are false unless given', () => {
    expect(parse('--connection', 'okta').values).toEqual({ connection: 'okta', protected: false });
    expect(parse('--connection=okta', '--protected', '--kind', 'bearer').values).toEqual({
      connection: 'okta',
      protected: true,
      kind: 'bearer',
    });
  });

  it.each([
    ['an unknown option', ['--connection', 'okta', '--nope'], "Unknown option '--nope'."],
    ['an option whose name is an object member', ['--connection', 'okta', '--constructor'], 'Unknown option'],
    ['a missing required option', [], '--connection NAME is missing.'],
    ['an empty value', ['--connection', ''], '--connection needs a value.'],
    ['an option without its value', ['--connection'], "Option '--connection <value>' argument missing."],
    ['a value that is none of the choices', ['--connection', 'x', '--kind', 'mac'], '--kind must be one of'],
    ['an argument too many', ['--connection', 'x', 'stray'], 'Unexpected argument "stray".'],
  ])('refuse %s', (_case, args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  it('come with every argument that the command names, and no other', () => {
    expect(parseOptions({}, ['ID'], ['abc']).positionals).toEqual(['abc']);
    expect(() => parseOptions({}, ['ID'], [])).toThrow('ID is missing.');
  });

  it('take whole numbers of 1 or more where a number is wanted', () => {
    expect(parsePositiveInteger('n', '30')).toBe(30);
    for (const text of ['0', '-1', '1.5', '1e3', 'x', '', '99999999'])
      expect(() => parsePositiveInteger('n', text)).toThrow(UsageError);
  });
});
