// What a command is: its words, options and an example, all as data (help, completion and the reference are
// made of it), and what it does. A command returns its answer; the frame prints it, as text or as JSON.
import type { MillraceClient } from '@millrace/client';
import type { Access } from './access.ts';
import type { Terminal } from './terminal.ts';

export type Option = {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** One line for help and reference. */
  about: string;
  /** What its value is called, e.g. `seconds`. */
  value?: string;
};
export type Options = Record<string, Option>;

export type Operand = { name: string; about: string; optional?: true };

type Value<One extends Option> = One['type'] extends 'boolean'
  ? boolean
  : One extends { multiple: true }
    ? string[]
    : string;
export type Values<All extends Options> = { [Name in keyof All]?: Value<All[Name]> };

export type Answer = {
  /** What `--json` prints. */
  data: unknown;
  /** What people read. */
  text: string;
  /** 1: what was asked for came to a bad end, e.g. the run failed. */
  exitStatus?: 0 | 1;
};

export type Asked<All extends Options> = {
  options: Values<All>;
  /** By their names; those that are optional may be missing. */
  operands: Record<string, string>;
  terminal: Terminal;
  /** @throws CliError `not_signed_in` */
  access(): Promise<Access>;
  /** @throws CliError `not_signed_in` */
  client(): Promise<MillraceClient>;
};

export type Command<All extends Options = Options> = {
  about: string;
  /** A whole command line. */
  example: string;
  operands?: readonly Operand[];
  options?: All;
  /** @returns nothing where it has printed already, as what follows a log does */
  run(asked: Asked<All>): Promise<Answer | undefined>;
};

/** Keeps the types of a command's options for its `run`. */
export function defineCommand<const All extends Options>(command: Command<All>): Command {
  return command as unknown as Command;
}
